package io.instructorspark.job.kmeans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.instructorspark.job.CommandRun;
import io.instructorspark.job.vectors.VectorCounts;
import io.instructorspark.job.vectors.VectorRows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fits on rows that lie in other partitions and another order. */
class ClusterFitIT {
  private static final int DIMENSION = 16;

  private static SparkSession session;

  @BeforeAll
  static void open() {
    session = CommandRun.look();
  }

  @AfterAll
  static void close() throws java.io.IOException {
    session.close();
  }

  /** Five blurred directions, so that starts differ in what they find. */
  private static Dataset<Row> blurred() {
    Random random = new Random(11);
    double[][] centres = new double[5][DIMENSION];
    for (double[] centre : centres) {
      for (int i = 0; i < DIMENSION; i++) {
        centre[i] = random.nextGaussian();
      }
    }
    List<Row> rows = new ArrayList<>();
    for (int row = 0; row < 600; row++) {
      float[] vector = new float[DIMENSION];
      double[] centre = centres[random.nextInt(centres.length)];
      for (int i = 0; i < DIMENSION; i++) {
        vector[i] = (float) (centre[i] + random.nextGaussian());
      }
      rows.add(RowFactory.create("row " + row, vector));
    }
    return session.createDataFrame(rows, schema());
  }

  private static StructType schema() {
    return new StructType()
        .add("id", DataTypes.StringType)
        .add("embedding", DataTypes.createArrayType(DataTypes.FloatType));
  }

  private static VectorRows vectorRows(Dataset<Row> rows) {
    return new VectorRows(
            rows.withColumn(VectorRows.ERROR, functions.lit(null).cast("string")),
            List.of("id", "embedding"),
            "embedding")
        .asMlVectors();
  }

  private record Outcome(Vector[] centres, Map<String, Integer> labels, ClusterFit.Fitted fitted) {}

  private static Outcome outcome(Dataset<Row> input, Optional<String> id, ClusterFit fit) {
    VectorRows rows = vectorRows(input);
    Dataset<Row> vectors =
        RepeatableRows.vectors(rows, id, VectorCounts.of(rows).vectors(), ClusterFit.UNIT)
            .persist();
    ClusterFit.Fitted fitted = fit.fit(vectors);
    vectors.unpersist();
    Vector[] centres = fitted.chosen().model().clusterCenters();
    Map<String, Integer> labels = new HashMap<>();
    rows.data()
        .withColumn(
            Assignment.ASSIGNED, Assignment.of(centres, rows.data().col(rows.vectorColumn())))
        .select("id", Assignment.ASSIGNED + "." + Assignment.CLUSTER)
        .collectAsList()
        .forEach(row -> labels.put(row.getString(0), row.getInt(1)));
    return new Outcome(centres, labels, fitted);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void giveTheSameCentresHoweverRowsAreDistributed(boolean withId) {
    Optional<String> id = withId ? Optional.of("id") : Optional.empty();
    ClusterFit fit = new ClusterFit(new ClusterRange(5, 5), 7, 2, 15);
    Dataset<Row> rows = blurred().persist();
    Outcome one = outcome(rows.coalesce(1), id, fit);
    for (int partitions : new int[] {2, 7}) {
      Outcome other =
          outcome(
              rows.repartition(partitions, functions.rand(partitions))
                  .sortWithinPartitions(functions.rand(3)),
              id,
              fit);
      assertThat(other.fitted().chosen().k()).isEqualTo(one.fitted().chosen().k());
      for (int i = 0; i < one.centres().length; i++) {
        assertThat(other.centres()[i].toArray())
            .containsExactly(one.centres()[i].toArray(), within(1e-6));
      }
      assertThat(other.labels()).isEqualTo(one.labels());
    }
    rows.unpersist();
  }

  @Test
  void chooseTheNumberOfClustersThatThereAre() {
    Outcome found =
        outcome(blurred(), Optional.empty(), new ClusterFit(new ClusterRange(4, 6), 0, 2, 20));
    assertThat(found.fitted().chosen().k()).isEqualTo(5);
    assertThat(found.fitted().curve()).extracting(ClusterFit.Candidate::k).containsExactly(4, 5, 6);
  }

  @Test
  void putEachRowWhereMllibPutsIt() {
    Outcome found =
        outcome(blurred(), Optional.empty(), new ClusterFit(new ClusterRange(5, 5), 0, 1, 15));
    VectorRows rows = vectorRows(blurred());
    Map<String, Integer> mllib = new HashMap<>();
    found
        .fitted()
        .chosen()
        .model()
        .transform(rows.data().withColumnRenamed(rows.vectorColumn(), ClusterFit.UNIT))
        .select("id", ClusterFit.PREDICTION)
        .collectAsList()
        .forEach(row -> mllib.put(row.getString(0), row.getInt(1)));
    assertThat(found.labels()).isEqualTo(mllib);
  }

  @Test
  void findOneClusterWhereAllRowsAreEqual() {
    Dataset<Row> rows =
        session
            .range(0, 20, 1, 3)
            .selectExpr("cast(id AS string) AS id", "array(float(0.6), float(0.8)) AS embedding");
    Outcome found =
        outcome(rows, Optional.of("id"), new ClusterFit(new ClusterRange(2, 3), 0, 2, 10));
    assertThat(found.labels().values()).hasSize(20).containsOnly(0);
    assertThat(found.fitted().chosen().k()).isEqualTo(2);
    assertThat(found.fitted().chosen().clusters()).isEqualTo(1);
    assertThat(found.fitted().chosen().silhouette()).isEmpty();
  }
}
