package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SemanticMapIT {
  private static final int DIMENSION = 12;

  private SparkSession session;

  @BeforeEach
  void takeSession() {
    session = TestSession.get();
  }

  /** Vectors that vary most along some directions, away from zero. */
  private static float[][] vectors(int count, long seed) {
    Random random = new Random(seed);
    float[][] vectors = new float[count][DIMENSION];
    for (float[] vector : vectors) {
      double[] hidden = random.doubles(4).toArray();
      for (int i = 0; i < DIMENSION; i++) {
        vector[i] =
            (float)
                (1
                    + 3 * hidden[0] * Math.sin(i)
                    + 2 * hidden[1] * Math.cos(2 * i)
                    + hidden[2] * (i % 3)
                    + 0.1 * random.nextGaussian());
      }
    }
    return vectors;
  }

  private Dataset<Row> rows(float[]... vectors) {
    StructType schema =
        new StructType()
            .add("id", DataTypes.LongType)
            .add("embedding", DataTypes.createArrayType(DataTypes.FloatType));
    List<Row> rows = new ArrayList<>();
    for (float[] vector : vectors) {
      rows.add(RowFactory.create((long) rows.size(), vector));
    }
    return session.createDataFrame(rows, schema);
  }

  private static float[][] places(Dataset<Row> placed) {
    return placed.orderBy("id").select("coordinates").collectAsList().stream()
        .map(
            row -> {
              if (row.isNullAt(0)) {
                return null;
              }
              List<Float> place = row.getList(0);
              float[] values = new float[place.size()];
              IntStream.range(0, values.length).forEach(i -> values[i] = place.get(i));
              return values;
            })
        .toArray(float[][]::new);
  }

  /** The components by the covariance's eigenvectors, the greatest first. */
  private static double[][] eigenvectors(float[][] vectors, double[] variances) {
    double[] mean = new double[DIMENSION];
    for (float[] vector : vectors) {
      IntStream.range(0, DIMENSION).forEach(i -> mean[i] += (double) vector[i] / vectors.length);
    }
    double[][] covariance = new double[DIMENSION][DIMENSION];
    for (float[] vector : vectors) {
      for (int i = 0; i < DIMENSION; i++) {
        for (int j = 0; j < DIMENSION; j++) {
          covariance[i][j] += (vector[i] - mean[i]) * (vector[j] - mean[j]) / (vectors.length - 1);
        }
      }
    }
    EigenDecomposition parts = new EigenDecomposition(new Array2DRowRealMatrix(covariance));
    double all = Arrays.stream(parts.getRealEigenvalues()).sum();
    double[][] components = new double[variances.length][];
    for (int i = 0; i < components.length; i++) {
      components[i] = parts.getEigenvector(i).toArray();
      variances[i] = parts.getRealEigenvalue(i) / all;
    }
    return components;
  }

  private static double product(double[] one, double[] other) {
    return IntStream.range(0, one.length).mapToDouble(i -> one[i] * other[i]).sum();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void axesArePrincipalComponents(int k) {
    float[][] vectors = vectors(400, 1);
    SemanticMapModel model = new SemanticMap().setK(k).fit(rows(vectors));
    double[] variances = new double[k];
    double[][] expected = eigenvectors(vectors, variances);
    double[][] found = model.components();
    assertThat(found).hasDimensions(k, DIMENSION);
    for (int i = 0; i < k; i++) {
      assertThat(Math.abs(product(found[i], expected[i]))).isCloseTo(1, within(1e-9));
      assertThat(model.explainedVariance()[i]).isCloseTo(variances[i], within(1e-9));
      double greatest = 0;
      for (double number : found[i]) {
        greatest = Math.abs(number) > Math.abs(greatest) ? number : greatest;
      }
      assertThat(greatest).as("the sign of axis %d", i).isPositive();
    }
    float[][] places = places(model.transform(rows(vectors)));
    for (int row = 0; row < vectors.length; row++) {
      for (int i = 0; i < k; i++) {
        double expectedPlace = 0;
        for (int d = 0; d < DIMENSION; d++) {
          expectedPlace += (vectors[row][d] - model.mean()[d]) * found[i][d];
        }
        assertThat(places[row][i]).isCloseTo((float) expectedPlace, within(1e-5f));
      }
    }
    double sum = Arrays.stream(places).mapToDouble(place -> place[0]).sum();
    assertThat(sum / vectors.length).as("the middle").isCloseTo(0, within(1e-6));
  }

  @Test
  void areTheSameFromAnyPartitioning() {
    Dataset<Row> rows = rows(vectors(300, 2));
    float[][] first = places(new SemanticMap().fit(rows.coalesce(1)).transform(rows));
    for (int partitions : new int[] {2, 7}) {
      Dataset<Row> other = rows.repartition(partitions, functions.rand(partitions));
      float[][] again = places(new SemanticMap().fit(other).transform(other));
      for (int i = 0; i < first.length; i++) {
        assertThat(again[i]).containsExactly(first[i], within(1e-6f));
      }
    }
  }

  @Test
  void takeVectorsOfAllTypes() {
    Dataset<Row> rows = rows(vectors(50, 3));
    float[][] floats = places(new SemanticMap().fit(rows).transform(rows));
    for (String type : List.of("cast(embedding AS array<double>)", "array_to_vector(embedding)")) {
      Dataset<Row> other =
          type.startsWith("cast")
              ? rows.withColumn("embedding", functions.expr(type))
              : rows.withColumn(
                  "embedding",
                  org.apache.spark.ml.functions.array_to_vector(functions.col("embedding")));
      float[][] places = places(new SemanticMap().fit(other).transform(other));
      for (int i = 0; i < floats.length; i++) {
        assertThat(places[i]).as(type).containsExactly(floats[i], within(1e-6f));
      }
    }
  }

  @Test
  void leaveOutVectorsWithoutADirection() {
    float[][] sound = vectors(40, 4);
    float[][] all = Arrays.copyOf(sound, 43);
    all[41] = new float[DIMENSION];
    all[42] = new float[DIMENSION];
    all[42][3] = Float.NaN;
    SemanticMapModel model = new SemanticMap().fit(rows(all));
    assertThat(model.rows()).isEqualTo(40);
    assertThat(model.components()[0])
        .containsExactly(new SemanticMap().fit(rows(sound)).components()[0], within(1e-9));
    float[][] places = places(model.transform(rows(all)));
    assertThat(places.length).isEqualTo(43);
    assertThat(List.of(40, 41, 42)).allMatch(row -> places[row] == null);
    assertThat(places[39]).hasSize(2);
  }

  @Test
  void ofEqualVectorsLieInTheMiddle() {
    float[] one = vectors(1, 5)[0];
    SemanticMapModel model = new SemanticMap().fit(rows(one, one, one));
    assertThat(model.explainedVariance()).containsExactly(0, 0);
    for (float[] place : places(model.transform(rows(one, one, one)))) {
      assertThat(place).containsExactly(new float[] {0, 0}, within(1e-6f));
    }
  }

  @Test
  void areTurnedByOrthogonalMatricesAlone() {
    Dataset<Row> rows = rows(vectors(60, 6));
    SemanticMapModel model = new SemanticMap().fit(rows);
    double[][] turn = {{0, -1}, {1, 0}};
    float[][] places = places(model.transform(rows));
    float[][] turned = places(model.turned(turn).transform(rows));
    for (int i = 0; i < places.length; i++) {
      assertThat(turned[i])
          .containsExactly(new float[] {-places[i][1], places[i][0]}, within(1e-6f));
    }
    double[] shares = model.explainedVariance();
    double[][] half = {{0.6, 0.8}, {0.8, -0.6}};
    assertThat(model.turned(half).explainedVariance())
        .containsExactly(
            new double[] {0.36 * shares[0] + 0.64 * shares[1], 0.64 * shares[0] + 0.36 * shares[1]},
            within(1e-12));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model.turned(new double[][] {{1, 1}, {0, 1}}))
        .withMessageContaining("orthogonal");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model.turned(new double[][] {{1}}))
        .withMessageContaining("2 rows and columns");
  }

  @Test
  void areRefusedForWhatTheyCannotShow() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SemanticMap().fit(rows(vectors(1, 7))))
        .withMessageContaining("1 rows have a vector")
        .withMessageContaining("two at least");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new SemanticMap().setK(3).fit(rows(new float[] {1, 2}, new float[] {2, 1})))
        .withMessageContaining("2 numbers, too few for 3 axes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SemanticMap().fit(rows(new float[] {1, 2, 3}, new float[] {2, 1})))
        .withMessageContaining("a vector has 2 numbers where others have 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SemanticMap().setFeaturesCol("id").fit(rows(vectors(3, 7))))
        .withMessageContaining("column 'id' is bigint");
    assertThatIllegalArgumentException().isThrownBy(() -> new SemanticMap().setK(4));
    SemanticMapModel model = new SemanticMap().fit(rows(vectors(30, 7)));
    assertThatThrownBy(() -> model.transform(rows(new float[] {1, 2})).collectAsList())
        .rootCause()
        .hasMessageContaining("2")
        .hasMessageContaining("12");
    Dataset<Row> taken = rows(vectors(3, 7)).withColumn("coordinates", functions.lit(1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model.transform(taken))
        .withMessageContaining("'coordinates' already");
  }

  @Test
  void doNotTakeVectorsOfAnotherModel() {
    VectorOrigin one = new VectorOrigin("m", "aa", "st", "fp32", 512, DIMENSION, Optional.empty());
    VectorOrigin other =
        new VectorOrigin("n", "bb", "st", "fp32", 512, DIMENSION, Optional.empty());
    SemanticMapModel model = new SemanticMap().fit(from(one));
    assertThat(model.origin()).contains(one);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model.transform(from(other)))
        .withMessageContaining("different models");
  }

  private Dataset<Row> from(VectorOrigin origin) {
    return rows(vectors(20, 8)).withMetadata("embedding", origin.metadata());
  }

  @Nested
  class Pages {
    private Dataset<Row> texts(int count) {
      return rows(vectors(count, 9))
          .withColumn(
              "text", functions.concat(functions.lit("</script>text "), functions.col("id")))
          .withColumn("kind", functions.expr("if(id % 10 = 0, null, concat('kind ', id % 3))"))
          .withColumn("size", functions.expr("cast(id AS double) / 4"));
    }

    @Test
    void holdAllTextsInert() {
      Dataset<Row> rows = texts(30);
      String html =
          new SemanticMap()
              .setK(3)
              .fit(rows)
              .setIdCol("id")
              .setColorCol("kind")
              .html(rows.repartition(4));
      assertThat(html).contains("text 29", "kind 2").doesNotContain("</script>text");
    }

    @Test
    void needTheColumnsThatAreNamed() {
      Dataset<Row> rows = texts(10);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new SemanticMap().fit(rows).setColorCol("colour").html(rows))
          .withMessageContaining("no column 'colour', which colorCol names");
      assertThat(new SemanticMap().fit(rows).html(rows.drop("text"))).contains("10 texts");
    }

    private MapPoints points(Dataset<Row> rows, String color, int most) {
      SemanticMapModel model = new SemanticMap().fit(rows);
      MapPoints.Columns columns =
          new MapPoints.Columns(
              "id", Optional.of("text"), Optional.of("id"), Optional.of(color), Optional.empty());
      return MapPoints.of(model.transform(rows), columns, List.of(model), most);
    }

    @Test
    void showTheSameSampleFromAnyPartitioning() {
      Dataset<Row> rows = texts(200);
      MapPoints points = points(rows.coalesce(1), "kind", 50);
      assertThat(points.points().size()).isEqualTo(50);
      assertThat(points.points().total()).isEqualTo(200);
      MapPoints again = points(rows.repartition(7), "kind", 50);
      assertThat(again.points()).isEqualTo(points.points());
      assertThat(points.rows().count()).isEqualTo(50);
      assertThat(points.panel(0, "", List.of(), List.of()).neighbors())
          .hasSize(400)
          .containsExactly(again.panel(0, "", List.of(), List.of()).neighbors());
    }

    @Test
    void colourByRangesOfManyNumbers() {
      MapPoints points = points(texts(200), "size", 1_000);
      assertThat(points.points().categoryNames())
          .hasSize(8)
          .startsWith("0 to below 6.25", "6.25 to below 12.5")
          .endsWith("43.75 to 49.75");
      assertThat(
              Arrays.stream(points.points().categories())
                  .boxed()
                  .collect(Collectors.groupingBy(range -> range, Collectors.counting()))
                  .values())
          .containsOnly(25L);
    }

    @Test
    void areNoMoreWhereAllIdsAreEqual() {
      Dataset<Row> rows = texts(200).withColumn("text", functions.lit("the same"));
      SemanticMapModel model = new SemanticMap().fit(rows);
      MapPoints points =
          MapPoints.of(
              model.transform(rows),
              new MapPoints.Columns(
                  "id", Optional.of("text"), Optional.empty(), Optional.empty(), Optional.empty()),
              List.of(model),
              50);
      assertThat(points.points().size()).isEqualTo(50);
      assertThat(points.rows().count()).isEqualTo(50);
      assertThat(points.panel(0, "", List.of(), List.of()).neighbors()).doesNotContain(-1);
    }

    @Test
    void colourByRangesOfNumbersThatAreStrings() {
      Dataset<Row> rows =
          texts(200).withColumn("size", functions.col("size").cast(DataTypes.StringType));
      assertThat(points(rows, "size", 1_000).points().categoryNames()).hasSize(8);
    }

    @Test
    void arePairsWhereNoThirdRowHasTheValue() {
      float[][] vectors = vectors(6, 15);
      vectors[4] = new float[DIMENSION]; // on no map
      Dataset<Row> rows = rows(vectors).withColumn("pair", functions.expr("if(id < 2, 'a', 'b')"));
      SemanticMapModel model = new SemanticMap().fit(rows.where("id <> 4"));
      MapPoints points =
          MapPoints.of(
              model.transform(rows.where("id < 5")),
              new MapPoints.Columns(
                  "id", Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("pair")),
              List.of(model));
      assertThat(points.partners()).containsExactly(1, 0, -1, -1);
    }

    @Test
    void areShownOfRowsThatAreOnTheMapAlready() {
      Dataset<Row> rows = texts(20);
      SemanticMapModel model = new SemanticMap().fit(rows);
      assertThat(model.html(model.transform(rows))).contains("20 texts");
    }

    @Test
    void knowTheNearestByTheirVectors() {
      float[][] vectors = vectors(40, 10);
      vectors[7] = vectors[23].clone();
      SemanticMapModel model = new SemanticMap().fit(rows(vectors));
      MapPoints points =
          MapPoints.of(
              model.transform(rows(vectors)),
              new MapPoints.Columns(
                  "id", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
              List.of(model));
      int[] neighbors = points.panel(0, "", List.of(), List.of()).neighbors();
      int each = neighbors.length / 40;
      assertThat(neighbors[7 * each]).isEqualTo(23);
      assertThat(neighbors[23 * each]).isEqualTo(7);
    }

    @Test
    void turnOtherMapsToTheFirst() {
      Dataset<Row> rows = rows(vectors(80, 11));
      SemanticMapModel first = new SemanticMap().setOutputCol("a").fit(rows);
      SemanticMapModel other =
          first.turned(new double[][] {{0.6, 0.8}, {0.8, -0.6}}).setOutputCol("b");
      MapPoints points =
          MapPoints.of(
              other.transform(first.transform(rows)),
              new MapPoints.Columns(
                  "id", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
              List.of(first, other));
      assertThat(points.turn(1)[0]).containsExactly(new double[] {0.6, 0.8}, within(1e-6));
      assertThat(points.panel(1, "", List.of(), List.of()).coordinates())
          .containsExactly(points.panel(0, "", List.of(), List.of()).coordinates(), within(1e-5f));
    }
  }

  @Test
  void areTheSameWhenTheyComeBack(@TempDir Path folder) throws Exception {
    Dataset<Row> rows = rows(Arrays.copyOf(vectors(20, 12), 21));
    SemanticMapModel model =
        new SemanticMap().setK(3).fit(rows).setColorCol("kind").setOutputCol("coordinates");
    PipelineModel pipeline = new Pipeline().setStages(new PipelineStage[] {model}).fit(rows);
    pipeline.write().save(folder.resolve("pipeline").toString());
    PipelineModel loaded = PipelineModel.load(folder.resolve("pipeline").toString());
    assertThat(loaded.stages()[0].explainParams()).isEqualTo(model.explainParams());
    float[][] places = places(model.transform(rows));
    assertThat(places(loaded.transform(rows.repartition(20)))).isDeepEqualTo(places);
    assertThat(places[20]).isNull();
    SemanticMapModel copy = model.copy(ParamMap.empty().put(model.outputCol(), "elsewhere"));
    assertThat(copy.uid()).isEqualTo(model.uid());
    assertThat(copy.transformSchema(rows.schema())).isEqualTo(copy.transform(rows).schema());
    assertThat(copy.transform(rows.limit(0)).columns()).endsWith("elsewhere");
    assertThat(model.getOutputCol()).isEqualTo("coordinates");
  }

  @Test
  void ofOneShapeAreDrawnAsLargeAsEachOther() {
    float[][] vectors = vectors(80, 14);
    float[][] smaller = new float[80][];
    for (int i = 0; i < 80; i++) {
      smaller[i] = vectors[i].clone();
      for (int d = 0; d < DIMENSION; d++) {
        smaller[i][d] /= 50;
      }
    }
    Dataset<Row> rows =
        rows(vectors).join(rows(smaller).withColumnRenamed("embedding", "smaller"), "id");
    SemanticMapModel first = new SemanticMap().setOutputCol("a").fit(rows);
    SemanticMapModel other =
        new SemanticMap().setFeaturesCol("smaller").setOutputCol("b").fit(rows);
    MapPoints points =
        MapPoints.of(
            other.transform(first.transform(rows)),
            new MapPoints.Columns(
                "id", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
            List.of(first, other));
    assertThat(points.panel(1, "", List.of(), List.of()).coordinates())
        .containsExactly(points.panel(0, "", List.of(), List.of()).coordinates(), within(1e-4f));
  }

  @Test
  void areEstimatedAgainByASavedEstimator(@TempDir Path folder) throws Exception {
    SemanticMap stage = new SemanticMap().setK(3).setOutputCol("place");
    stage.write().save(folder.resolve("stage").toString());
    SemanticMap loaded = SemanticMap.load(folder.resolve("stage").toString());
    assertThat(loaded.explainParams()).isEqualTo(stage.explainParams());
    assertThat(loaded.copy(ParamMap.empty()).getK()).isEqualTo(3);
    assertThat(loaded.transformSchema(rows(vectors(2, 1)).schema()).apply("place").metadata())
        .isEqualTo(Metadata.empty());
  }
}
