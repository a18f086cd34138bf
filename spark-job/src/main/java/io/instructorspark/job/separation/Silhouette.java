package io.instructorspark.job.separation;

import static org.apache.spark.sql.functions.col;

import java.util.OptionalDouble;
import org.apache.spark.ml.evaluation.ClusteringEvaluator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * MLlib's silhouette of labels as clusters, by the cosine distance (one minus the cosine): the mean
 * over the rows, from -1 to 1; 0 counts for a row that is alone with its label.
 */
public final class Silhouette {
  private static final String FEATURES = "features";
  private static final String CLUSTER = "cluster";

  private Silhouette() {}

  /**
   * The mean over the rows that have a vector; empty where they have fewer than two labels. Runs
   * jobs over the rows.
   *
   * @param rows of {@link LabelledRows} with vectors
   * @param vector column of MLlib's vectors, null where a vector has no direction
   */
  public static OptionalDouble of(Dataset<Row> rows, String vector) {
    Dataset<Row> clusters =
        rows.where(col(vector).isNotNull())
            .select(
                col(vector).as(FEATURES),
                col(LabelledRows.LABEL).cast(DataTypes.DoubleType).as(CLUSTER));
    if (clusters.select(CLUSTER).distinct().limit(2).count() < 2) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(
        new ClusteringEvaluator()
            .setFeaturesCol(FEATURES)
            .setPredictionCol(CLUSTER)
            .setDistanceMeasure("cosine")
            .evaluate(clusters));
  }
}
