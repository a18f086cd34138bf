package io.instructorspark.job.map;

import static io.instructorspark.job.vectors.VectorRows.quoted;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.when;

import io.instructorspark.job.rows.InputRows;
import io.instructorspark.job.vectors.SavedPipeline;
import io.instructorspark.job.vectors.VectorRows;
import io.instructorspark.spark.InstructorEmbedder;
import io.instructorspark.spark.VectorOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Rows with a vector for each map, kept in memory or on disk once they were computed.
 *
 * @param rows how the input's columns are named
 * @param data the input's columns, {@link VectorRows#ERROR}, {@link #KEY}, the vectors
 * @param vectors names of the columns of vectors, one for each map
 * @param plain name of the column of vectors without an instruction, where pairs are compared by
 *     them and no map is of them
 */
record MapVectors(
    VectorRows rows, Dataset<Row> data, List<String> vectors, Optional<String> plain) {
  /** A number for each row, in the input's order. */
  static final String KEY = "_input_map_key";

  private static final String TEXT = "_input_map_text";
  private static final String VECTOR = "_input_map_vector_";

  /**
   * Plans the vectors of all instructions; embeds nothing.
   *
   * @param saved the map that texts are laid out on, embedded as its own were
   */
  static MapVectors of(MapJob.Arguments arguments, InputRows input, Optional<SavedPipeline> saved) {
    boolean ready = arguments.vectors().embeddingColumn().isPresent();
    List<InstructorEmbedder> stages = arguments.stages();
    InstructorEmbedder first =
        saved.isPresent() && !ready ? saved.get().stage(stages.get(0)) : stages.get(0);
    VectorRows rows = VectorRows.of(input, arguments.vectors(), first);
    Dataset<Row> data = rows.data().withColumn(KEY, monotonically_increasing_id());
    List<String> vectors = new ArrayList<>(List.of(rows.vectorColumn()));
    if (!ready) {
      String text = input.column(arguments.vectors().textColumn());
      data = data.withColumn(TEXT, when(col(VectorRows.ERROR).isNull(), data.col(quoted(text))));
    }
    for (int i = 1; i < stages.size(); i++) {
      data = embedded(data, stages.get(i).copy(ParamMap.empty()), VECTOR + i);
      vectors.add(VECTOR + i);
    }
    boolean comparesPlain =
        arguments.columns().pairs().isPresent()
            && !ready
            && !first.getInstruction().isEmpty()
            && stages.stream().skip(1).noneMatch(stage -> stage.getInstruction().isEmpty());
    Optional<String> plain = comparesPlain ? Optional.of(VECTOR + "plain") : Optional.empty();
    if (plain.isPresent()) {
      data = embedded(data, first.copy(ParamMap.empty()).setInstruction(""), plain.get());
    }
    Dataset<Row> kept = data.drop(TEXT).persist(StorageLevel.MEMORY_AND_DISK());
    return new MapVectors(rows, kept, List.copyOf(vectors), plain);
  }

  private static Dataset<Row> embedded(Dataset<Row> rows, InstructorEmbedder stage, String vector) {
    return stage.setInputCol(TEXT).setOutputCol(vector).transform(rows);
  }

  /** The rows with the vectors of one map. */
  VectorRows of(int map) {
    return new VectorRows(data, rows.columns(), vectors.get(map));
  }

  /** What made the vectors of a map, where they say it. */
  Optional<VectorOrigin> origin(int map) {
    return VectorOrigin.of(data.schema().apply(vectors.get(map)));
  }

  /** The instruction that the vectors of a map were made with; empty where it is not known. */
  String instruction(int map) {
    return origin(map).flatMap(VectorOrigin::instruction).orElse("");
  }

  /** The vectors that pairs are compared by: those of the maps, then those without instruction. */
  List<String> compared() {
    return Stream.concat(vectors.stream(), plain.stream()).toList();
  }
}
