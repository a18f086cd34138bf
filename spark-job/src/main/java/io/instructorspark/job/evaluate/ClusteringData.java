package io.instructorspark.job.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors$;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Labelled texts: V-measure of as many clusters as there are labels, the mean over some seeds. The
 * paper takes mini-batches to save time; MLlib's k-means goes over all vectors at once, which Spark
 * does on all cores, and finds clusters that are as near or nearer to their centres.
 *
 * @param text place of each row's text
 */
record ClusteringData(Texts texts, int[] text, int[] labels, int clusterings, long seed)
    implements TaskData {
  private static final String ROLE = "text";
  private static final String PLACE = "place";
  private static final String FEATURES = "features";
  private static final String CLUSTER = "cluster";

  /** The same on every machine, so that sums are over the same parts. */
  private static final int SLICES = 8;

  private static final StructType ROW =
      new StructType().add(PLACE, DataTypes.IntegerType).add(FEATURES, SQLDataTypes.VectorType());

  static ClusteringData read(SparkSession session, TaskSpec task, ScoringSettings settings) {
    try (DataFile file = DataFile.open(session, task, "texts", ROLE, "label")) {
      List<Row> rows = file.read();
      Texts texts = new Texts();
      int[] text = texts.add(ROLE, rows.stream().map(row -> row.getString(0)).toList());
      int[] labels =
          ClassificationData.labels(file, rows.stream().map(row -> row.getString(1)).toList());
      if (Arrays.stream(labels).distinct().count() < 2) {
        throw file.unfit("all rows have one label; two are needed at least");
      }
      return new ClusteringData(texts, text, labels, settings.clusterings(), settings.seed());
    }
  }

  @Override
  public int rows() {
    return texts.size();
  }

  @Override
  public Scored score(Embedding embedding, Variant variant) {
    Vectors vectors = embedding.of(texts, variant);
    Dataset<Row> rows = rows(embedding.session(), vectors).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      int[][] clusters = new int[clusterings][];
      for (int i = 0; i < clusterings; i++) {
        clusters[i] = clusters(rows, seed + i);
      }
      return Scored.of(new VMeasure(labels, clusters), vectors.missing());
    } finally {
      rows.unpersist();
    }
  }

  private Dataset<Row> rows(SparkSession session, Vectors vectors) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < text.length; i++) {
      float[] vector = vectors.of(text[i]);
      double[] wide = new double[vector.length];
      for (int d = 0; d < wide.length; d++) {
        wide[d] = vector[d];
      }
      rows.add(RowFactory.create(i, Vectors$.MODULE$.dense(wide)));
    }
    return session.createDataFrame(
        JavaSparkContext.fromSparkContext(session.sparkContext()).parallelize(rows, SLICES), ROW);
  }

  private int[] clusters(Dataset<Row> rows, long seed) {
    int labelCount = Arrays.stream(labels).max().orElseThrow() + 1;
    KMeansModel model =
        new KMeans()
            .setK(labelCount)
            .setSeed(seed)
            .setFeaturesCol(FEATURES)
            .setPredictionCol(CLUSTER)
            .fit(rows);
    int[] clusters = new int[labels.length];
    for (Row row : model.transform(rows).select(PLACE, CLUSTER).collectAsList()) {
      clusters[row.getInt(0)] = row.getInt(1);
    }
    return clusters;
  }
}
