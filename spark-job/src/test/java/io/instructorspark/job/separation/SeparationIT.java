package io.instructorspark.job.separation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.instructorspark.job.CommandRun;
import io.instructorspark.job.vectors.VectorRows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeparationIT {
  private static SparkSession session;

  @BeforeAll
  static void openSession() {
    session = CommandRun.look();
  }

  @AfterAll
  static void closeSession() throws IOException {
    session.close();
  }

  private static final int ROWS = 90;
  private static final int DIMENSION = 6;

  /** Three clouds of points that overlap, and a label for each. */
  private static final double[][] POINTS = points();

  private static double[][] points() {
    Random random = new Random(11);
    double[][] points = new double[ROWS][DIMENSION];
    for (int i = 0; i < ROWS; i++) {
      for (int d = 0; d < DIMENSION; d++) {
        points[i][d] = random.nextGaussian() + (d == i % 3 ? 1.5 : 0);
      }
    }
    return points;
  }

  private static Row row(Integer label, double[] vector) {
    return RowFactory.create(
        label,
        "text " + Arrays.toString(vector),
        vector == null ? null : Arrays.stream(vector).boxed().toArray(Double[]::new),
        null);
  }

  private static VectorRows rows(List<Row> rows, int partitions) {
    StructType schema =
        new StructType()
            .add("label", DataTypes.IntegerType)
            .add("text", DataTypes.StringType)
            .add("vector", DataTypes.createArrayType(DataTypes.DoubleType))
            .add(VectorRows.ERROR, DataTypes.StringType);
    Dataset<Row> data = session.createDataFrame(rows, schema).repartition(partitions);
    return new VectorRows(data, List.of("label", "text", "vector"), "vector");
  }

  private static List<Row> labelled() {
    return new ArrayList<>(IntStream.range(0, ROWS).mapToObj(i -> row(i % 3, POINTS[i])).toList());
  }

  private static double distance(double[] one, double[] other) {
    double product = 0;
    double first = 0;
    double second = 0;
    for (int d = 0; d < DIMENSION; d++) {
      product += one[d] * other[d];
      first += one[d] * one[d];
      second += other[d] * other[d];
    }
    return 1 - product / Math.sqrt(first * second);
  }

  /** By the definition, pair by pair. */
  private static double agreement() {
    double sum = 0;
    for (int i = 0; i < ROWS; i++) {
      int of = i;
      sum +=
          IntStream.range(0, ROWS)
                  .filter(j -> j != of)
                  .boxed()
                  .sorted(Comparator.comparingDouble(j -> distance(POINTS[of], POINTS[j])))
                  .limit(10)
                  .filter(j -> j % 3 == of % 3)
                  .count()
              / 10.0;
    }
    return sum / ROWS;
  }

  /** By the definition (Rousseeuw 1987), pair by pair. */
  private static double silhouette() {
    double sum = 0;
    for (int i = 0; i < ROWS; i++) {
      double[] means = new double[3];
      for (int j = 0; j < ROWS; j++) {
        means[j % 3] += distance(POINTS[i], POINTS[j]);
      }
      int own = i % 3;
      double within = means[own] / (ROWS / 3 - 1);
      double next = Math.min(means[(own + 1) % 3], means[(own + 2) % 3]) / (ROWS / 3);
      sum += (next - within) / Math.max(next, within);
    }
    return sum / ROWS;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void isWhatTheDefinitionsSayOnAnyPartitioning(int partitions) {
    Separation separation = Separation.of(rows(labelled(), partitions), "label");
    assertThat(separation.agreement()).isCloseTo(agreement(), within(1e-9));
    assertThat(separation.silhouette().orElseThrow()).isCloseTo(silhouette(), within(1e-9));
    assertThat(separation.agreementByChance()).isCloseTo(29.0 / 89, within(1e-12));
    assertThat(separation.labels()).isEqualTo(3);
    assertThat(separation.rows()).isEqualTo(new RowCounts(ROWS, 0, 0, ROWS));
  }

  @Test
  void rowsWithoutALabelOrADirectionAreLeftOutAndCounted() {
    List<Row> some = labelled();
    some.add(row(null, POINTS[0]));
    some.add(row(1, null));
    some.add(row(1, new double[DIMENSION]));
    Separation separation = Separation.of(rows(some, 3), "label");
    assertThat(separation.agreement()).isCloseTo(agreement(), within(1e-9));
    assertThat(separation.rows()).isEqualTo(new RowCounts(ROWS + 3, 1, 2, ROWS));
  }

  @Test
  void ofManyRowsAboutAsManyAreTakenAsAreAskedFor() {
    VectorRows all = rows(labelled(), 2);
    VectorRows ml = all.asMlVectors();
    Dataset<Row> data = ml.data();
    Dataset<Row> narrow =
        data.select(
            LabelledRows.key(data, all.columns(), 3).as(LabelledRows.KEY),
            LabelledRows.label(data, "label").as(LabelledRows.LABEL),
            data.col(ml.vectorColumn()).isNotNull().as(LabelledRows.USABLE));
    try (LabelledRows taken = LabelledRows.of(narrow, "label", 45)) {
      assertThat(taken.counts().taken()).isBetween(25L, 65L).isEqualTo(taken.data().count());
      assertThat(taken.counts().sampled()).isTrue();
      LabelledRows first = taken.half(0);
      LabelledRows second = taken.half(1);
      assertThat(first.data().count()).isEqualTo(first.labels().all());
      assertThat(first.data().count() + second.data().count()).isEqualTo(taken.counts().taken());
      assertThat(first.data().join(second.data(), LabelledRows.KEY).count()).isZero();
    }
  }

  @Test
  void equalRowsAreEachCounted() {
    List<Row> twice = labelled();
    twice.addAll(labelled());
    Separation separation = Separation.of(rows(twice, 4), "label");
    assertThat(separation.rows().taken()).isEqualTo(2 * ROWS);
    assertThat(separation.agreement()).isGreaterThan(agreement());
  }

  @Test
  void columnsThatHoldNoTwoLabelsAreRefused() {
    VectorRows all = rows(labelled(), 2);
    assertThatThrownBy(() -> Separation.of(all, "vector"))
        .isInstanceOf(SeparationException.class)
        .hasMessageContaining("labels are strings, numbers");
    assertThatThrownBy(
            () -> Separation.of(rows(List.of(row(1, POINTS[0]), row(1, POINTS[1])), 1), "label"))
        .isInstanceOf(SeparationException.class)
        .hasMessageContaining("all 2 rows that can be used have the label '1'");
    assertThatThrownBy(() -> Separation.of(rows(List.of(row(1, null)), 1), "label"))
        .hasMessageContaining("no row has both a label");
  }
}
