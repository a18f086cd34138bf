package io.instructorspark.spark;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.functions.zip_with;

import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * Finds cells for a corpus: k-means by cosine on a sample of its rows, which is chosen by their ids
 * and so is the same on any partitioning.
 *
 * @param corpus not empty
 * @param centre what is taken off all vectors; empty for nothing
 * @param seed of the first centres
 */
record CellFit(Corpus corpus, float[] centre, long seed) {
  private static final int MOST_SAMPLED = 20_000;
  private static final int ROUNDS = 10;
  private static final int PARTITIONS = 8;
  private static final String ID = "id";
  private static final String VECTOR = "vector";

  /** Cells that suit a number of rows: as many as rows in each. */
  static int suitable(long rows) {
    return (int) Math.min(4096, Math.round(Math.sqrt(rows)));
  }

  /**
   * A sample of the rows: {@code id} and {@code vector}, an {@code array<float>}.
   *
   * @param most rows
   */
  Dataset<Row> sample(int most) {
    Dataset<Row> rows = corpus.rows(ID, VECTOR);
    double share = 1.2 * most / corpus.summary().rows();
    Column hash = xxhash64(rows.col(ID));
    Dataset<Row> some =
        share >= 1 ? rows : rows.where(abs(hash).divide(Long.MAX_VALUE).lt(lit(share)));
    return some.orderBy(xxhash64(col(ID)), col(ID)).limit(most);
  }

  /** At most so many cells. */
  Cells of(int cells) {
    Dataset<Row> points =
        sample(MOST_SAMPLED)
            .select(col(ID), numbers(col(VECTOR)).as(VECTOR))
            .where(exists(col(VECTOR), number -> number.notEqual(0)))
            .select(col(ID), array_to_vector(col(VECTOR)).as("features"))
            .repartition(PARTITIONS, col(ID))
            .sortWithinPartitions(xxhash64(col(ID)), col(ID))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      KMeansModel fitted =
          new KMeans()
              .setK(Math.max(2, cells)) // it takes no fewer
              .setDistanceMeasure("cosine")
              .setMaxIter(ROUNDS)
              .setSeed(seed)
              .fit(points);
      return units(fitted.clusterCenters());
    } finally {
      points.unpersist();
    }
  }

  private Column numbers(Column vector) {
    if (centre.length == 0) {
      return transform(vector, value -> value.cast("double"));
    }
    Column[] mean = new Column[centre.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = lit((double) centre[i]);
    }
    return zip_with(vector, functions.array(mean), (value, off) -> value.cast("double").minus(off));
  }

  private Cells units(Vector[] centres) {
    int dimension = corpus.summary().dimension();
    float[] units = new float[centres.length * dimension];
    for (int i = 0; i < centres.length; i++) {
      double square = 0;
      for (int j = 0; j < dimension; j++) {
        square += centres[i].apply(j) * centres[i].apply(j);
      }
      for (int j = 0; j < dimension && square > 0; j++) {
        units[i * dimension + j] = (float) (centres[i].apply(j) / Math.sqrt(square));
      }
    }
    return new Cells(dimension, units);
  }
}
