package io.instructorspark.job.separation;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.struct;

import io.instructorspark.spark.NearestNeighbors;
import io.instructorspark.spark.NearestNeighborsModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * For each row the share of its nearest rows that have its label: the {@value #NEIGHBORS} most
 * similar by cosine, itself left out, and equally similar ones in the order of their keys; all the
 * others where there are fewer.
 */
public final class Agreement {
  /** Nearest rows that are looked at. */
  public static final int NEIGHBORS = 10;

  /** The column that is added, double; null where a row has no vector. */
  public static final String COLUMN = "_row_agreement";

  private static final String ID = "_row_id";
  private static final String FOUND = "_row_neighbors";

  private Agreement() {}

  /**
   * Adds the column, exactly: compares all pairs of rows.
   *
   * @param rows of {@link LabelledRows} with vectors; kept by the caller, as they are read twice
   * @param vector column of vectors
   * @return the rows, computed and kept in memory or on disk, for the caller to unpersist
   */
  public static Dataset<Row> of(Dataset<Row> rows, String vector) {
    Dataset<Row> named =
        rows.withColumn(
            ID, struct(col(LabelledRows.KEY), col(LabelledRows.PLACE), col(LabelledRows.LABEL)));
    NearestNeighborsModel model =
        new NearestNeighbors()
            .setFeaturesCol(vector)
            .setIdCol(ID)
            .setOutputCol(FOUND)
            .setK(NEIGHBORS)
            .setExcludeSelf(true)
            .fit(named);
    String share =
        "size(filter(%1$s, near -> near.id.%2$s = %2$s)) / nullif(size(%1$s), 0)"
            .formatted(FOUND, LabelledRows.LABEL);
    Dataset<Row> scored =
        model
            .transform(named)
            .withColumn(COLUMN, expr(share))
            .drop(ID, FOUND)
            .persist(StorageLevel.MEMORY_AND_DISK());
    boolean computed = false;
    try {
      scored.count();
      computed = true;
      return scored;
    } finally {
      model.forget();
      if (!computed) {
        scored.unpersist();
      }
    }
  }
}
