package io.instructorspark.spark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * An application on a cluster: finds nearest neighbours, and by plain loops on the driver whether
 * they are all right. Arguments: the master, something that is passed over, then settings as {@code
 * name=value}.
 */
final class NeighborsProbe {
  private static final int ROWS = 2_000;
  private static final int DIMENSION = 24;
  private static final int K = 8;

  private NeighborsProbe() {}

  private record Neighbor(long id, float similarity) {}

  public static void main(String[] args) {
    SparkConf conf = new SparkConf().setMaster(args[0]).setAppName("neighbors probe");
    for (String setting : List.of(args).subList(2, args.length)) {
      conf.set(setting.split("=", 2)[0], setting.split("=", 2)[1]);
    }
    SparkSession session = SparkSession.builder().config(conf).getOrCreate();
    try {
      float[][] corpus = vectors(1);
      float[][] queries = vectors(2);
      System.arraycopy(corpus, 0, queries, 0, 200); // some have an equal row in the corpus
      NearestNeighborsModel model = new NearestNeighbors().setK(K).fit(rows(session, corpus, 5));
      Set<String> executors = new HashSet<>();
      int equal = 0;
      for (Row row :
          model
              .transform(rows(session, queries, 4))
              .withColumn("executor", executor())
              .collectAsList()) {
        executors.add(row.getAs("executor"));
        float[] query = queries[row.<Long>getAs("id").intValue()];
        equal += found(row).equals(bruteForce(query, corpus)) ? 1 : 0;
      }
      System.out.printf(
          "%d of %d rows have the right neighbours, found by %d executors%n",
          equal, ROWS, executors.size());
    } finally {
      session.stop();
    }
  }

  private static org.apache.spark.sql.Column executor() {
    return functions
        .udf(() -> SparkEnv.get().executorId(), DataTypes.StringType)
        .asNondeterministic()
        .apply();
  }

  /** Every fifth is another one again, so that similarities are equal. */
  private static float[][] vectors(long seed) {
    Random random = new Random(seed);
    float[][] vectors = new float[ROWS][];
    for (int i = 0; i < ROWS; i++) {
      float[] vector = new float[DIMENSION];
      for (int j = 0; j < DIMENSION; j++) {
        vector[j] = (float) random.nextGaussian();
      }
      vectors[i] = i % 5 == 4 ? vectors[random.nextInt(i)] : vector;
    }
    return vectors;
  }

  private static Dataset<Row> rows(SparkSession session, float[][] vectors, int partitions) {
    StructType schema =
        new StructType()
            .add("id", DataTypes.LongType)
            .add("embedding", DataTypes.createArrayType(DataTypes.FloatType));
    List<Row> rows =
        IntStream.range(0, vectors.length)
            .mapToObj(i -> RowFactory.create((long) i, vectors[i]))
            .toList();
    return session.createDataFrame(rows, schema).repartition(partitions);
  }

  private static List<Neighbor> found(Row row) {
    return row.<Row>getList(row.fieldIndex("neighbors")).stream()
        .map(neighbor -> new Neighbor(neighbor.getLong(0), neighbor.getFloat(1)))
        .toList();
  }

  private static List<Neighbor> bruteForce(float[] query, float[][] corpus) {
    List<Neighbor> all = new ArrayList<>();
    for (int i = 0; i < corpus.length; i++) {
      all.add(new Neighbor(i, cosine(query, corpus[i])));
    }
    all.sort(
        Comparator.comparingDouble((Neighbor neighbor) -> -neighbor.similarity())
            .thenComparing(Neighbor::id));
    return List.copyOf(all.subList(0, K));
  }

  private static float cosine(float[] one, float[] other) {
    double product = 0;
    double left = 0;
    double right = 0;
    for (int i = 0; i < one.length; i++) {
      product += (double) one[i] * other[i];
      left += (double) one[i] * one[i];
      right += (double) other[i] * other[i];
    }
    return (float) (product / Math.sqrt(left * right));
  }
}
