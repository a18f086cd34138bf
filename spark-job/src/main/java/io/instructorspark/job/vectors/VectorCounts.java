package io.instructorspark.job.vectors;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;

/**
 * How many rows have vectors that MLlib can take.
 *
 * @param rows all of them
 * @param vectors those whose vector has a direction
 * @param errors those that say why they have none; the others without one have a null
 * @param dimension numbers of a vector; 0 where there is none
 */
public record VectorCounts(long rows, long vectors, long errors, int dimension) {
  /**
   * Counts, and checks that all vectors have one dimension; runs a job over the rows.
   *
   * @param rows of {@link VectorRows#asMlVectors}
   * @throws IllegalArgumentException if vectors differ in dimension
   */
  public static VectorCounts of(VectorRows rows) {
    Column vector = col(VectorRows.quoted(rows.vectorColumn()));
    Column dimension = MlVectors.dimension(vector);
    Row counted =
        rows.data()
            .agg(
                count(lit(1)),
                count(vector),
                count(col(VectorRows.ERROR)),
                min(dimension),
                max(dimension))
            .head();
    int least = counted.isNullAt(3) ? 0 : counted.getInt(3);
    int most = counted.isNullAt(4) ? 0 : counted.getInt(4);
    if (least != most) {
      throw new IllegalArgumentException(
          "some vectors have %d numbers and others %d; vectors of different models cannot be compared, so embed all rows with one model"
              .formatted(least, most));
    }
    return new VectorCounts(counted.getLong(0), counted.getLong(1), counted.getLong(2), least);
  }
}
