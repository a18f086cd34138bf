package io.instructorspark.job.compare;

import static io.instructorspark.job.vectors.VectorRows.quoted;

import io.instructorspark.job.rows.InputRows;
import io.instructorspark.job.separation.LabelledRows;
import io.instructorspark.job.vectors.VectorCounts;
import io.instructorspark.job.vectors.VectorRows;
import io.instructorspark.job.vectors.VectorSource;
import io.instructorspark.spark.InstructorEmbedder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * An input in the form that {@link LabelledRows} takes.
 *
 * @param label column of labels, as the input spells it
 * @param seed of the rows' keys
 */
record RowReading(InputRows input, String label, long seed) {
  /** Rows with texts: usable are those that could be read and whose text is not null. */
  Dataset<Row> texts(String textColumn) {
    String text = input.column(textColumn);
    requireApart(text);
    Dataset<Row> data = input.data();
    Column written = data.col(quoted(text));
    Column sound = data.col(InputRows.PROBLEM_COLUMN).isNull();
    return data.select(
        key(data),
        LabelledRows.label(data, label).as(LabelledRows.LABEL),
        sound.and(written.isNotNull()).as(LabelledRows.USABLE),
        written.as(CandidateVectors.TEXT));
  }

  /**
   * Rows with vectors: usable are those that have one with a direction in every column. Runs a job
   * for each column.
   *
   * @param columns as the input spells them
   * @throws IllegalArgumentException if one holds no vectors, or vectors of several dimensions
   */
  Dataset<Row> vectors(List<String> columns) {
    columns.forEach(this::requireApart);
    VectorSource first = new VectorSource(columns.get(0), Optional.of(columns.get(0)));
    VectorRows rows = VectorRows.of(input, first, new InstructorEmbedder());
    for (String column : columns) {
      rows = withReady(rows, column);
    }
    Dataset<Row> data = rows.data();
    List<Column> kept = new ArrayList<>();
    kept.add(
        LabelledRows.key(
                data, input.columns().stream().filter(rows.columns()::contains).toList(), seed)
            .as(LabelledRows.KEY));
    kept.add(LabelledRows.label(data, label).as(LabelledRows.LABEL));
    List<Column> ready =
        columns.stream().map(name -> data.col(quoted(CandidateVectors.ready(name)))).toList();
    kept.add(
        ready.stream()
            .map(Column::isNotNull)
            .reduce(Column::and)
            .orElseThrow()
            .as(LabelledRows.USABLE));
    kept.addAll(ready);
    return data.select(kept.toArray(Column[]::new));
  }

  /** With one more column, of the vectors of another as MLlib's. */
  private static VectorRows withReady(VectorRows rows, String column) {
    VectorRows ml = new VectorRows(rows.data(), rows.columns(), column).asMlVectors();
    VectorCounts.of(ml);
    String ready = CandidateVectors.ready(column);
    return new VectorRows(
        ml.data().withColumnRenamed(ml.vectorColumn(), ready),
        Stream.concat(ml.columns().stream(), Stream.of(ready)).toList(),
        ready);
  }

  private Column key(Dataset<Row> data) {
    return LabelledRows.key(data, input.columns(), seed).as(LabelledRows.KEY);
  }

  private void requireApart(String column) {
    if (column.equals(label)) {
      throw new CompareException(
          "column '%s' cannot be both the label and what it is told from; give another --label-column"
              .formatted(label));
    }
  }
}
