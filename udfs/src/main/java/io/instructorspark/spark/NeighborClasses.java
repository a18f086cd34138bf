package io.instructorspark.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.xxhash64;

import java.io.IOException;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The rows that were learned from, the nearest of which vote.
 *
 * @param nearest finds them; its ids hold the labels' numbers
 * @param labels how many there are
 */
record NeighborClasses(NearestNeighborsModel nearest, int labels) implements Learned {
  /** Of a label's number in an id. */
  static final int LABEL_PLACE = 1;

  private static final String ID = "id";
  private static final String NEIGHBORS = "_classifier_neighbors";

  /**
   * Ids begin with what the vectors are, so that which of two equally near rows is taken does not
   * depend on how rows are distributed.
   */
  static NeighborClasses learn(LabelledVectors rows, int k) {
    Dataset<Row> corpus =
        rows.usable()
            .select(
                struct(
                        xxhash64(col(LabelledVectors.VECTOR)).as("vector"),
                        col(LabelledVectors.LABEL),
                        monotonically_increasing_id().as("row"))
                    .as(ID),
                col(LabelledVectors.VECTOR));
    NearestNeighborsModel nearest =
        new NearestNeighbors()
            .setFeaturesCol(LabelledVectors.VECTOR)
            .setIdCol(ID)
            .setOutputCol(NEIGHBORS)
            .setK(k)
            .fit(corpus);
    return new NeighborClasses(nearest, rows.labels().count());
  }

  @Override
  public Dataset<Row> scored(Dataset<Row> rows, VectorColumn vectors, String column) {
    Dataset<Row> found =
        nearest.copy(ParamMap.empty()).setFeaturesCol(vectors.name()).transform(rows);
    return found
        .withColumn(column, udf(new Votes(labels), ClassScore.TYPE).apply(col(NEIGHBORS)))
        .drop(NEIGHBORS);
  }

  @Override
  public int iterations() {
    return 0;
  }

  @Override
  public boolean converged() {
    return true;
  }

  @Override
  public void save(SparkSession session, String folder) throws IOException {
    nearest.write().save(folder);
  }

  static NeighborClasses load(String folder, int labels) {
    return new NeighborClasses(NearestNeighborsModel.load(folder), labels);
  }

  @Override
  public void forget() {
    nearest.forget();
  }
}
