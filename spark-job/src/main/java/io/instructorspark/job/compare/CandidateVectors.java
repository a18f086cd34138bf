package io.instructorspark.job.compare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.instructorspark.job.separation.LabelledRows;
import io.instructorspark.job.vectors.VectorRows;
import io.instructorspark.spark.InstructorEmbedder;
import java.util.List;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * What gives the rows that are scored their vectors under a candidate. Whatever else is made of the
 * candidates' vectors, as maps side by side, takes them from here.
 *
 * @param stage that embeds texts; its instruction is the candidate's
 */
record CandidateVectors(InstructorEmbedder stage) {
  /** The rows' texts, where texts are embedded. */
  static final String TEXT = "_compare_text";

  private static final String VECTOR = "_compare_vector";
  private static final String LITERAL = "@";

  /** The column of the rows that holds the vectors of a column that is compared. */
  static String ready(String column) {
    return "_compare_ready_" + column;
  }

  /** Plans the vectors, as MLlib's, null where there is none with a direction. */
  VectorRows of(LabelledRows rows, Candidate candidate) {
    List<String> kept = List.of(LabelledRows.KEY, LabelledRows.LABEL, LabelledRows.PLACE);
    if (candidate.kind() == Candidate.Kind.COLUMN) {
      Dataset<Row> data =
          rows.data().withColumn(VectorRows.ERROR, lit(null).cast(DataTypes.StringType));
      return new VectorRows(data, kept, ready(candidate.name().orElseThrow())).asMlVectors();
    }
    InstructorEmbedder embedder = stage.copy(ParamMap.empty());
    embedder
        .setInstruction(literally(candidate.instruction().orElseThrow()))
        .setInputCol(TEXT)
        .setOutputCol(VECTOR)
        .setOutputType("vector")
        .setErrorCol(VectorRows.ERROR);
    Dataset<Row> texts =
        rows.data()
            .select(
                col(LabelledRows.KEY), col(LabelledRows.LABEL), col(LabelledRows.PLACE), col(TEXT));
    return new VectorRows(embedder.transform(texts), kept, VECTOR).asMlVectors();
  }

  /** A sentence that begins as a name does is no name. */
  private static String literally(String instruction) {
    return instruction.startsWith(LITERAL) ? LITERAL + instruction : instruction;
  }
}
