package io.instructorspark.job.separation;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;

import io.instructorspark.job.vectors.VectorRows;
import java.util.OptionalDouble;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How well vectors tell the labels of a column apart.
 *
 * @param agreement mean share of a row's {@value Agreement#NEIGHBORS} nearest rows that have its
 *     label, from 0 to 1
 * @param agreementByChance what vectors that say nothing would reach
 * @param silhouette of the labels as clusters, by cosine, from -1 to 1; empty where the rows that
 *     were scored have fewer than two labels
 * @param labels how many there are
 * @param rows what was scored, and what was left out
 */
public record Separation(
    double agreement,
    double agreementByChance,
    OptionalDouble silhouette,
    int labels,
    RowCounts rows) {
  /** Rows that are scored at most; of more, about so many, taken by a hash of the row. */
  public static final long MOST_ROWS = 20_000;

  private static final long SEED = 0;

  /**
   * Scores rows; runs jobs over them, and compares all pairs of at most {@value #MOST_ROWS}. The
   * result is the same on any partitioning.
   *
   * @param rows with vectors of any form; best kept, as they are read more than once
   * @param labelColumn one of the rows' columns: strings, numbers, booleans or dates
   * @throws SeparationException if the column holds something else, or the rows that have a label
   *     and a vector with a direction have fewer than two labels, or more than 10,000
   */
  public static Separation of(VectorRows rows, String labelColumn) {
    VectorRows usable = rows.asMlVectors();
    Dataset<Row> data = usable.data();
    String vector = usable.vectorColumn();
    Dataset<Row> narrow =
        data.select(
            LabelledRows.key(data, rows.columns(), SEED).as(LabelledRows.KEY),
            LabelledRows.label(data, labelColumn).as(LabelledRows.LABEL),
            col(vector).isNotNull().as(LabelledRows.USABLE),
            col(vector));
    try (LabelledRows taken = LabelledRows.of(narrow, labelColumn, MOST_ROWS)) {
      OptionalDouble silhouette = Silhouette.of(taken.data(), vector);
      Dataset<Row> scored = Agreement.of(taken.data(), vector);
      Row mean = scored.agg(avg(Agreement.COLUMN), count(Agreement.COLUMN)).head();
      scored.unpersist();
      return new Separation(
          mean.getDouble(0),
          taken.labels().agreementByChance(),
          silhouette,
          taken.labels().names().size(),
          taken.counts());
    }
  }
}
