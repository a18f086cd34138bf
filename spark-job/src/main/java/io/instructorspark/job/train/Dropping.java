package io.instructorspark.job.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What was dropped of labelled texts before pairs were made of them.
 *
 * @param duplicates equal text and label
 * @param overlap with an evaluation
 * @param singleLabel alone in their label
 */
record Dropping(long duplicates, long overlap, long singleLabel) {
  static final Dropping NONE = new Dropping(0, 0, 0);

  /** Of texts that say how many copies there were, and whether they overlap. */
  static Dropping of(Dataset<Row> texts, String copies) {
    Row row =
        texts
            .agg(sum(col(copies).minus(1)), sum(when(col(Overlap.OVERLAPS), 1L).otherwise(0L)))
            .head();
    return row.isNullAt(0) ? NONE : new Dropping(row.getLong(0), row.getLong(1), 0);
  }

  Dropping plus(Dropping other) {
    return new Dropping(
        duplicates + other.duplicates, overlap + other.overlap, singleLabel + other.singleLabel);
  }
}
