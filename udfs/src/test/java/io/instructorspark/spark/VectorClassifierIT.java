package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
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

class VectorClassifierIT {
  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.IntegerType)
          .add("label", DataTypes.StringType)
          .add("embedding", DataTypes.createArrayType(DataTypes.FloatType));

  private SparkSession session;

  @BeforeEach
  void takeSession() {
    session = OperatorSessions.registered();
  }

  private record Example(int id, String label, float[] vector) {}

  /** Clouds around one corner a label, which overlap. */
  private static List<Example> clouds(int count, String... labels) {
    Random random = new Random(7);
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int label = i % labels.length;
      float[] vector = new float[4];
      for (int j = 0; j < vector.length; j++) {
        vector[j] = (float) (random.nextGaussian() * 0.6 + (j == label ? 1 : 0));
      }
      examples.add(new Example(i, labels[label], vector));
    }
    return examples;
  }

  private Dataset<Row> rows(List<Example> examples) {
    return session.createDataFrame(
        examples.stream()
            .map(example -> RowFactory.create(example.id(), example.label(), example.vector()))
            .toList(),
        SCHEMA);
  }

  private Dataset<Row> few(Object... labelsAndVectors) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < labelsAndVectors.length; i += 2) {
      rows.add(RowFactory.create(i / 2, labelsAndVectors[i], labelsAndVectors[i + 1]));
    }
    return session.createDataFrame(rows, SCHEMA);
  }

  private static VectorClassifier knn(int k) {
    return new VectorClassifier().setAlgorithm("knn").setK(k);
  }

  private static List<Object> predictions(Dataset<Row> predicted) {
    return predicted.orderBy("id").select("prediction").collectAsList().stream()
        .map(row -> row.get(0))
        .toList();
  }

  @Nested
  class Logistic {
    @ParameterizedTest
    @ValueSource(strings = {"a b", "a b c"})
    void givesEachLabelAsMuchProbabilityAsItHasRows(String labels) {
      Dataset<Row> rows = rows(clouds(300, labels.split(" ")));
      Dataset<Row> predicted =
          new VectorClassifier()
              .setProbabilitiesCol("probabilities")
              .fit(rows)
              .transform(rows)
              .selectExpr(
                  "probabilities['a'] AS a",
                  "aggregate(map_values(probabilities), 0D, (s, p) -> s + p) AS sum",
                  "probabilities[prediction] = probability AS same",
                  "probability = array_max(map_values(probabilities)) AS greatest");
      assertThat(predicted.where("same AND greatest AND abs(sum - 1) < 1e-9").count())
          .isEqualTo(300);
      // where intercepts are free, the losses' gradient by them is 0
      assertThat(predicted.agg(functions.sum("a")).head().getDouble(0))
          .isCloseTo(300.0 / labels.split(" ").length, within(0.1));
    }

    @Test
    void doesNotDependOnThePartitioning() {
      Dataset<Row> rows = rows(clouds(200, "a", "b", "c"));
      Dataset<Row> one = new VectorClassifier().fit(rows.coalesce(1)).transform(rows);
      Dataset<Row> seven = new VectorClassifier().fit(rows.repartition(7)).transform(rows);
      assertThat(predictions(one)).isEqualTo(predictions(seven));
    }

    @Test
    void givesRareLabelsMoreRowsWhenClassesAreBalanced() {
      List<Example> examples = new ArrayList<>(clouds(400, "often", "rare"));
      examples.removeIf(example -> example.label().equals("rare") && example.id() % 16 != 1);
      Dataset<Row> rows = rows(examples);
      long plain = rare(new VectorClassifier().fit(rows).transform(rows));
      long balanced =
          rare(new VectorClassifier().setClassWeights("balanced").fit(rows).transform(rows));
      assertThat(balanced).isGreaterThan(plain).isGreaterThan(25);
    }

    private long rare(Dataset<Row> predicted) {
      return predicted.where("prediction = 'rare'").count();
    }

    @Test
    void saysWhenItWasStopped() {
      Dataset<Row> rows = rows(clouds(60, "a", "b"));
      assertThat(new VectorClassifier().fit(rows).hasConverged()).isTrue();
      assertThat(new VectorClassifier().setMaxIter(1).fit(rows).hasConverged()).isFalse();
    }
  }

  @Nested
  class Knn {
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 9})
    void isTheVoteOfTheMostSimilar(int k) {
      List<Example> examples = clouds(150, "a", "b", "c");
      Dataset<Row> rows = rows(examples);
      Dataset<Row> predicted = knn(k).fit(rows.repartition(3)).transform(rows);
      assertThat(predictions(predicted))
          .isEqualTo(examples.stream().map(of -> vote(examples, of.vector(), k)).toList());
      assertThat(
              predicted.where("probability * %d != round(probability * %<d)".formatted(k)).count())
          .isZero();
    }

    /** By plain loops: votes, then the sum of similarities, then the order of labels. */
    private static String vote(List<Example> examples, float[] query, int k) {
      List<Example> nearest =
          examples.stream()
              .sorted(Comparator.comparingDouble(of -> -cosine(of.vector(), query)))
              .limit(k)
              .toList();
      return List.of("a", "b", "c").stream()
          .max(
              Comparator.<String>comparingDouble(
                      label -> nearest.stream().filter(of -> of.label().equals(label)).count())
                  .thenComparingDouble(
                      label ->
                          nearest.stream()
                              .filter(of -> of.label().equals(label))
                              .mapToDouble(of -> cosine(of.vector(), query))
                              .sum())
                  .thenComparing(Comparator.reverseOrder()))
          .orElseThrow();
    }

    private static float cosine(float[] one, float[] other) {
      double product = IntStream.range(0, one.length).mapToDouble(i -> one[i] * other[i]).sum();
      double left = IntStream.range(0, one.length).mapToDouble(i -> one[i] * one[i]).sum();
      double right = IntStream.range(0, one.length).mapToDouble(i -> other[i] * other[i]).sum();
      return (float) (product / Math.sqrt(left * right));
    }

    @Test
    void breaksTiesByTheOrderOfLabelsOnAnyPartitioning() {
      float[] same = {1, 1};
      Dataset<Row> rows =
          few("b", same, "a", same, "c", same, "b", same, "a", same, "c", new float[] {1, 0});
      for (int partitions : new int[] {1, 2, 5}) {
        Dataset<Row> predicted =
            knn(3).fit(rows.repartition(partitions)).transform(rows.where("id = 0"));
        // the first three of a a b b c
        assertThat(predictions(predicted)).containsExactly("a");
      }
    }
  }

  @Nested
  class Labels {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "string",
          "int",
          "bigint",
          "tinyint",
          "double",
          "float",
          "decimal(9,2)",
          "date",
          "boolean"
        })
    void comeBackInTheirOwnType(String type) {
      Dataset<Row> rows =
          rows(clouds(80, "a", "b"))
              .withColumn(
                  "label",
                  functions.expr(
                      switch (type) {
                        case "date" -> "if(label = 'a', DATE'2020-02-29', DATE'1969-12-31')";
                        case "boolean" -> "label = 'a'";
                        default -> "cast(if(label = 'a', '7', '12') AS %s)".formatted(type);
                      }));
      for (VectorClassifier stage : List.of(new VectorClassifier(), knn(3))) {
        stage.setProbabilitiesCol("all");
        VectorClassifierModel model = stage.fit(rows);
        Dataset<Row> predicted = model.transform(rows);
        assertThat(predicted.schema()).isEqualTo(model.transformSchema(rows.schema()));
        assertThat(predicted.schema()).isEqualTo(stage.transformSchema(rows.schema()));
        assertThat(predicted.schema().apply("prediction").dataType())
            .isEqualTo(rows.schema().apply("label").dataType());
        assertThat(predicted.where("prediction = label").count()).isGreaterThan(55);
        assertThat(predicted.where("all[prediction] = probability").count()).isEqualTo(80);
      }
    }

    @Test
    void areInTheOrderOfTheirType() {
      Dataset<Row> rows =
          rows(clouds(40, "a", "b")).withColumn("label", functions.expr("if(label = 'a', 12, 7)"));
      assertThat(new VectorClassifier().fit(rows).labels())
          .containsExactly(Map.entry("7", 20L), Map.entry("12", 20L));
    }

    @Test
    void thatAreMissingLeaveTheirRowsOutAndAreCounted() {
      Dataset<Row> rows =
          rows(clouds(90, "a", "b", "c")).withColumn("label", functions.expr("nullif(label, 'c')"));
      VectorClassifierModel model = new VectorClassifier().fit(rows);
      assertThat(model.labels()).containsOnlyKeys("a", "b");
      assertThat(model.rowsWithoutLabel()).isEqualTo(30);
      assertThat(model.transform(rows).where("prediction IS NULL").count()).isZero();
      Dataset<Row> numbers =
          rows.withColumn(
              "label", functions.expr("if(label IS NULL, double('NaN'), length(label) + id % 3)"));
      assertThat(new VectorClassifier().fit(numbers).rowsWithoutLabel()).isEqualTo(30);
    }

    @Test
    void thatTellNothingApartAreRefused() {
      Dataset<Row> rows = rows(clouds(20, "a"));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new VectorClassifier().fit(rows))
          .withMessageContaining("all 20 rows to learn from have the label 'a' in column 'label'")
          .withMessageContaining("two classes at least");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new VectorClassifier().fit(rows.limit(0)))
          .withMessageContaining("no row to learn from");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new VectorClassifier().fit(few("a", null, "b", new float[] {0, 0})))
          .withMessageContaining("no row to learn from")
          .withMessageContaining("2 no vector");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new VectorClassifier().setLabelCol("embedding").fit(rows))
          .withMessageContaining("'embedding' is array<float>, and labels are");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new VectorClassifier().setLabelCol("name").fit(rows))
          .withMessageContaining("no column 'name' of labels");
      Dataset<Row> ids =
          session
              .range(10_050)
              .selectExpr("id", "id AS label", "array(float(1), float(id)) AS embedding");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> knn(1).fit(ids))
          .withMessageContaining("more than 10,000 different labels");
    }
  }

  @Nested
  class Vectors {
    @ParameterizedTest
    @ValueSource(strings = {"logistic", "knn"})
    void withoutADirectionGetNoPredictionAndAreNotLearnedFrom(String algorithm) {
      Dataset<Row> rows =
          few(
              "a", new float[] {1, 0},
              "a", null,
              "b", new float[] {0, 0},
              "b", new float[] {Float.NaN, 1},
              "c", new float[] {Float.POSITIVE_INFINITY, 1},
              "b", new Float[] {1f, null},
              "b", new float[] {0, 1},
              "a", new float[] {2, 0});
      VectorClassifierModel model =
          new VectorClassifier().setAlgorithm(algorithm).setK(1).fit(rows);
      assertThat(model.labels()).containsExactly(Map.entry("a", 2L), Map.entry("b", 1L));
      assertThat(model.rowsWithoutDirection()).isEqualTo(5);
      List<Object> predicted = predictions(model.setProbabilitiesCol("p").transform(rows));
      assertThat(predicted).hasSize(8);
      assertThat(predicted.subList(1, 6)).containsOnlyNulls();
      assertThat(predicted.get(0)).isEqualTo("a");
      assertThat(model.transform(rows).where("p IS NULL AND probability IS NULL").count())
          .isEqualTo(5);
      assertThat(model.transform(rows.limit(0)).count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"logistic", "knn"})
    void thatAreAllEqualGiveTheMostFrequentLabel(String algorithm) {
      Dataset<Row> rows =
          session
              .range(30)
              .selectExpr(
                  "cast(id AS int) AS id",
                  "if(id < 10, 'few', 'many') AS label",
                  "array(float(0.6), float(0.8)) AS embedding");
      Dataset<Row> predicted =
          new VectorClassifier().setAlgorithm(algorithm).setK(30).fit(rows).transform(rows);
      assertThat(predicted.where("prediction = 'many'").count()).isEqualTo(30);
      assertThat(predicted.head().<Double>getAs("probability")).isCloseTo(2.0 / 3, within(1e-3));
    }

    @Test
    void mayBeDoublesOrMls() {
      Dataset<Row> rows = rows(clouds(60, "a", "b"));
      Dataset<Row> doubles =
          rows.withColumn("embedding", functions.col("embedding").cast("array<double>"));
      Dataset<Row> ml =
          rows.withColumn(
              "embedding", org.apache.spark.ml.functions.array_to_vector(rows.col("embedding")));
      for (VectorClassifier stage : List.of(new VectorClassifier(), knn(3))) {
        List<Object> expected = predictions(stage.fit(rows).transform(rows));
        assertThat(predictions(stage.fit(doubles).transform(ml))).isEqualTo(expected);
        assertThat(predictions(stage.fit(ml).transform(doubles))).isEqualTo(expected);
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"logistic", "knn"})
    void ofOtherDimensionsOrModelsAreRefused(String algorithm) {
      VectorClassifier stage = new VectorClassifier().setAlgorithm(algorithm);
      Dataset<Row> mixed = few("a", new float[] {1, 0}, "b", new float[] {1, 0, 0});
      assertThatThrownBy(() -> stage.fit(mixed))
          .hasMessageContaining("column 'embedding' has vectors of 2 and of 3 numbers");
      Dataset<Row> rows = few("a", new float[] {1, 0}, "b", new float[] {0, 1});
      assertThatThrownBy(() -> stage.fit(rows).transform(mixed).collectAsList())
          .hasStackTraceContaining("a vector has 3 numbers where others have 2");
      VectorClassifierModel model = stage.fit(of(rows, "one", "aa"));
      assertThat(model.origin().orElseThrow().model()).isEqualTo("one");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> model.transform(of(rows, "other", "bb")))
          .withMessageContaining("column 'embedding'")
          .withMessageContaining("different models");
    }

    private Dataset<Row> of(Dataset<Row> rows, String model, String fingerprint) {
      Metadata metadata =
          new VectorOrigin(model, fingerprint, "v1_0_1", "fp32", 512, 2, Optional.empty())
              .metadata();
      return rows.withColumn("embedding", rows.col("embedding").as("embedding", metadata));
    }

    @Test
    void mayNotStandBesideAColumnThatIsAdded() {
      Dataset<Row> rows = few("a", new float[] {1, 0}, "b", new float[] {0, 1});
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new VectorClassifier().setPredictionCol("id").fit(rows))
          .withMessageContaining("there is a column 'id' already");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new VectorClassifier().setProbabilityCol("prediction").fit(rows))
          .withMessageContaining("there is a column 'prediction' already");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new VectorClassifier().setAlgorithm("forest"))
          .withMessageContaining("logistic, knn");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"logistic", "knn"})
  void comesBackTheSameWhenSavedAndLoadedWithAPipelineOfTexts(
      String algorithm, @TempDir Path folder) throws Exception {
    String[] words = {"sun", "rain", "snow", "wind", "fog"};
    List<Row> texts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      texts.add(
          RowFactory.create(
              i, i % 2, i == 19 ? null : words[i % 5] + (i % 2 == 0 ? " at sea" : " in town")));
    }
    Dataset<Row> rows =
        session.createDataFrame(
            texts,
            new StructType()
                .add("id", DataTypes.IntegerType)
                .add("kind", DataTypes.IntegerType)
                .add("text", DataTypes.StringType));
    PipelineModel pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new InstructorEmbedder()
                      .setModel(OperatorSessions.TINY)
                      .setInstruction("Represent the weather: "),
                  new VectorClassifier()
                      .setAlgorithm(algorithm)
                      .setLabelCol("kind")
                      .setK(3)
                      .setMaxIter(20)
                })
            .fit(rows);
    pipeline.write().save(folder.resolve("pipeline").toString());
    PipelineModel loaded = PipelineModel.load(folder.resolve("pipeline").toString());
    Dataset<Row> alone = rows.select("id", "text");
    List<Object> expected = predictions(pipeline.transform(alone));
    assertThat(predictions(loaded.transform(alone))).isEqualTo(expected);
    assertThat(expected).hasSize(20);
    assertThat(expected.get(19)).isNull();
    VectorClassifierModel model = (VectorClassifierModel) loaded.stages()[1];
    assertThat(model.labels()).containsOnlyKeys("0", "1");
    assertThat(model.rowsWithoutDirection()).isEqualTo(1);
    assertThat(model.algorithm()).isEqualTo(algorithm);
    assertThat(model.origin()).isPresent();
    assertThat(model.explainParams()).isEqualTo(pipeline.stages()[1].explainParams());
  }

  @Test
  void itsEstimatorComesBackTheSame(@TempDir Path folder) throws Exception {
    VectorClassifier stage =
        new VectorClassifier()
            .setAlgorithm("knn")
            .setK(7)
            .setRegularization(0.5)
            .setClassWeights("balanced")
            .setMaxIter(9)
            .setProbabilitiesCol("all");
    stage.write().save(folder.resolve("stage").toString());
    assertThat(VectorClassifier.load(folder.resolve("stage").toString()).explainParams())
        .isEqualTo(stage.explainParams());
  }
}
