package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

class NearestNeighborsIT {
  private SparkSession session;

  @BeforeEach
  void takeSession() {
    session = OperatorSessions.registered();
  }

  /** Rows with ids from a number on; some vectors are equal, some are parallel. */
  private Dataset<Row> vectors(int from, int count, int dimension, long seed) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    List<float[]> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] vector = new float[dimension];
      if (i % 10 == 3) {
        vector = made.get(random.nextInt(made.size())).clone();
      } else if (i % 10 == 7) {
        float[] other = made.get(random.nextInt(made.size()));
        for (int j = 0; j < dimension; j++) {
          vector[j] = other[j] * 2;
        }
      } else {
        for (int j = 0; j < dimension; j++) {
          vector[j] = (float) random.nextGaussian();
        }
      }
      made.add(vector);
      rows.add(RowFactory.create((long) (from + i), vector));
    }
    return session.createDataFrame(rows, schema(DataTypes.LongType));
  }

  private static StructType schema(org.apache.spark.sql.types.DataType idType) {
    return new StructType()
        .add("id", idType)
        .add("embedding", DataTypes.createArrayType(DataTypes.FloatType));
  }

  private Dataset<Row> few(Object... idsAndVectors) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < idsAndVectors.length; i += 2) {
      rows.add(RowFactory.create(idsAndVectors[i], idsAndVectors[i + 1]));
    }
    return session.createDataFrame(rows, schema(DataTypes.LongType));
  }

  private record Neighbor(Object id, float similarity) {}

  private static Map<Long, List<Neighbor>> found(Dataset<Row> result) {
    Map<Long, List<Neighbor>> found = new HashMap<>();
    for (Row row : result.collectAsList()) {
      int place = row.fieldIndex("neighbors");
      List<Neighbor> neighbors = row.isNullAt(place) ? null : new ArrayList<>();
      if (neighbors != null) {
        for (Row neighbor : row.<Row>getList(place)) {
          neighbors.add(new Neighbor(neighbor.get(0), neighbor.getFloat(1)));
        }
      }
      assertThat(found.put(row.getAs("id"), neighbors)).isNull();
    }
    return found;
  }

  private static Map<Long, float[]> byId(Dataset<Row> rows) {
    Map<Long, float[]> byId = new HashMap<>();
    for (Row row : rows.collectAsList()) {
      List<Float> values = row.getList(row.fieldIndex("embedding"));
      float[] vector = new float[values.size()];
      IntStream.range(0, vector.length).forEach(i -> vector[i] = values.get(i));
      byId.put(row.getAs("id"), vector);
    }
    return byId;
  }

  /** By plain loops in double precision. */
  private static Map<Long, List<Neighbor>> bruteForce(
      Map<Long, float[]> queries, Map<Long, float[]> corpus, int k, boolean excludeSelf) {
    Map<Long, List<Neighbor>> best = new HashMap<>();
    queries.forEach(
        (id, query) -> {
          List<Neighbor> all = new ArrayList<>();
          corpus.forEach(
              (other, row) -> {
                if (!excludeSelf || !other.equals(id)) {
                  all.add(new Neighbor(other, cosine(query, row)));
                }
              });
          all.sort(
              Comparator.comparingDouble((Neighbor neighbor) -> -neighbor.similarity())
                  .thenComparing(neighbor -> (Long) neighbor.id()));
          best.put(id, List.copyOf(all.subList(0, Math.min(k, all.size()))));
        });
    return best;
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

  private static void assertSame(
      Map<Long, List<Neighbor>> found, Map<Long, List<Neighbor>> expected) {
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (id, neighbors) -> assertThat(found.get(id)).as("of %d", id).isEqualTo(neighbors));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void equalBruteForceOnAnyPartitioning(int partitions) {
    Dataset<Row> corpus = vectors(0, 2000, 32, 1);
    Dataset<Row> queries = vectors(5000, 2000, 32, 1); // the same vectors: ties everywhere
    NearestNeighborsModel model =
        new NearestNeighbors().setK(12).fit(corpus.repartition(partitions));
    assertThat(model.corpusRows()).isEqualTo(2000);
    assertThat(model.dimension()).isEqualTo(32);
    assertSame(
        found(model.transform(queries.repartition(partitions + 1))),
        bruteForce(byId(queries), byId(corpus), 12, false));
    model.forget();
  }

  @Test
  void ofTheCorpusItselfLeaveOutTheRow() {
    Dataset<Row> corpus = vectors(0, 1500, 16, 2);
    NearestNeighborsModel model = new NearestNeighbors().setK(5).setExcludeSelf(true).fit(corpus);
    assertSame(
        found(model.transform(corpus.repartition(3))),
        bruteForce(byId(corpus), byId(corpus), 5, true));
  }

  @Test
  void similaritiesAreThoseOfTheSqlFunction() {
    Dataset<Row> corpus = vectors(0, 300, 24, 3);
    Dataset<Row> queries = vectors(1000, 40, 24, 4);
    Dataset<Row> joined = new NearestNeighbors().setK(3).fit(corpus).kneighborsJoin(queries);
    assertThat(joined.columns())
        .containsExactly("id", "embedding", "neighbor_rank", "neighbor_id", "similarity");
    assertThat(joined.count()).isEqualTo(120);
    Dataset<Row> checked =
        joined
            .join(
                corpus.withColumnRenamed("embedding", "other").withColumnRenamed("id", "other_id"),
                functions.col("neighbor_id").equalTo(functions.col("other_id")))
            .selectExpr("similarity", "vector_cosine_similarity(embedding, other) AS expected");
    assertThat(checked.where("similarity = expected").count()).isEqualTo(120);
  }

  @Test
  void keepTheOrderOfTheRows() {
    Dataset<Row> queries = vectors(0, 500, 8, 5).coalesce(1);
    List<Long> order =
        new NearestNeighbors()
            .setK(1).fit(queries).transform(queries).collectAsList().stream()
                .map(row -> row.<Long>getAs("id"))
                .toList();
    assertThat(order).isSorted().hasSize(500);
  }

  @Test
  void areOfAtLeastAGivenSimilarity() {
    Dataset<Row> corpus = vectors(0, 800, 6, 6);
    Map<Long, List<Neighbor>> all = bruteForce(byId(corpus), byId(corpus), 800, false);
    Map<Long, List<Neighbor>> found =
        found(
            new NearestNeighbors().setK(800).setMinSimilarity(0.75).fit(corpus).transform(corpus));
    found.forEach(
        (id, neighbors) ->
            assertThat(neighbors)
                .isEqualTo(
                    all.get(id).stream().filter(near -> near.similarity() >= 0.75f).toList()));
  }

  @Test
  void areCentredWhereThatIsAsked() {
    Dataset<Row> corpus = vectors(0, 400, 8, 7);
    Map<Long, float[]> shifted = byId(corpus);
    shifted.values().forEach(vector -> IntStream.range(0, 8).forEach(i -> vector[i] += 3));
    List<Row> rows = new ArrayList<>();
    shifted.forEach((id, vector) -> rows.add(RowFactory.create(id, vector)));
    Dataset<Row> moved = session.createDataFrame(rows, schema(DataTypes.LongType));
    double[] mean = new double[8];
    shifted.values().forEach(v -> IntStream.range(0, 8).forEach(i -> mean[i] += v[i] / 400.0));
    Map<Long, float[]> centred = new HashMap<>();
    shifted.forEach(
        (id, vector) -> {
          float[] moving = vector.clone();
          IntStream.range(0, 8).forEach(i -> moving[i] -= (float) mean[i]);
          centred.put(id, moving);
        });
    Map<Long, List<Neighbor>> expected = bruteForce(centred, centred, 4, false);
    Map<Long, List<Neighbor>> found =
        found(
            new NearestNeighbors()
                .setK(4)
                .setSimilarity("centered_cosine")
                .fit(moved)
                .transform(moved));
    int same = 0;
    for (Map.Entry<Long, List<Neighbor>> entry : found.entrySet()) {
      for (int i = 0; i < 4; i++) {
        Neighbor one = entry.getValue().get(i);
        Neighbor other = expected.get(entry.getKey()).get(i);
        assertThat(one.similarity())
            .isCloseTo(other.similarity(), org.assertj.core.api.Assertions.within(1e-6f));
        same += one.id().equals(other.id()) ? 1 : 0;
      }
    }
    assertThat(same).isGreaterThan(1590); // the rounding of the mean may turn equal ones round
  }

  @Nested
  class Ids {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "cast(id AS string)",
          "cast(id AS int)",
          "cast(id AS decimal(20, 2))",
          "cast(cast(id AS string) AS binary)",
          "date_add(DATE'2020-01-01', cast(id AS int))",
          "named_struct('a', id % 3, 'b', id)"
        })
    void ofAnyOrderedTypeBreakTiesInSparksOrder(String id) {
      Dataset<Row> corpus =
          vectors(0, 120, 4, 8).selectExpr(id + " AS id", "array(float(1), float(0)) AS embedding");
      Dataset<Row> query = few(0L, new float[] {2, 0}).select("embedding");
      Row found = new NearestNeighbors().setK(7).fit(corpus.repartition(5)).transform(query).head();
      List<Object> ids =
          found.<Row>getList(found.fieldIndex("neighbors")).stream()
              .map(row -> row.get(0))
              .toList();
      List<Object> expected =
          corpus.orderBy("id").limit(7).collectAsList().stream().map(row -> row.get(0)).toList();
      assertThat(ids).usingRecursiveComparison().isEqualTo(expected);
    }

    @Test
    void thatCannotNameRowsAreRefused() {
      Dataset<Row> rows = vectors(0, 20, 4, 9);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new NearestNeighbors().fit(rows.union(rows)))
          .withMessageContaining("has 0 2 times");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> new NearestNeighbors().fit(rows.selectExpr("nullif(id, 3) AS id", "embedding")))
          .withMessageContaining("has a null");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> new NearestNeighbors().fit(rows.selectExpr("map(id, 1) AS id", "embedding")))
          .withMessageContaining("no order");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new NearestNeighbors().setIdCol("name").fit(rows))
          .withMessageContaining("no column 'name'");
      NearestNeighborsModel model = new NearestNeighbors().setExcludeSelf(true).fit(rows);
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> model.transform(rows.selectExpr("cast(id AS string) AS id", "embedding")))
          .withMessageContaining("is string and the corpus' is bigint");
    }
  }

  @Nested
  class Vectors {
    @Test
    void mayBeDoublesOrMls() {
      Dataset<Row> corpus = vectors(0, 200, 8, 10);
      Map<Long, List<Neighbor>> expected = bruteForce(byId(corpus), byId(corpus), 3, false);
      Dataset<Row> doubles =
          corpus.withColumn("embedding", functions.col("embedding").cast("array<double>"));
      Dataset<Row> ml =
          doubles.withColumn(
              "embedding", org.apache.spark.ml.functions.array_to_vector(doubles.col("embedding")));
      for (Dataset<Row> rows : List.of(doubles, ml)) {
        NearestNeighborsModel model = new NearestNeighbors().setK(3).fit(rows);
        assertSame(found(model.transform(corpus)), expected);
        assertSame(found(model.transform(rows)), expected);
      }
    }

    @Test
    void withoutADirectionHaveNoNeighborsAndAreNone() {
      Dataset<Row> rows =
          few(
              1L, new float[] {1, 0},
              2L, null,
              3L, new float[] {0, 0},
              4L, new float[] {Float.NaN, 1},
              5L, new float[] {Float.POSITIVE_INFINITY, 1},
              6L, new Float[] {1f, null},
              7L, new float[] {1, 1});
      NearestNeighborsModel model = new NearestNeighbors().fit(rows);
      assertThat(model.corpusRows()).isEqualTo(2);
      assertThat(model.corpusRowsWithoutDirection()).isEqualTo(5);
      Map<Long, List<Neighbor>> found = found(model.transform(rows));
      assertThat(found).hasSize(7);
      for (long id = 2; id <= 6; id++) {
        assertThat(found.get(id)).isNull();
      }
      assertThat(found.get(1L)).extracting(Neighbor::id).containsExactly(1L, 7L);
      assertThat(found.get(7L)).extracting(Neighbor::id).containsExactly(7L, 1L);
    }

    @Test
    void thatAllEqualTheMeanHaveNoNeighborsWhenCentred() {
      Dataset<Row> rows = few(1L, new float[] {1, 2}, 2L, new float[] {1, 2});
      assertThat(
              found(
                  new NearestNeighbors()
                      .setSimilarity("centered_cosine")
                      .fit(rows)
                      .transform(rows)))
          .containsOnlyKeys(1L, 2L)
          .allSatisfy((id, neighbors) -> assertThat(neighbors).isEmpty());
    }

    @Test
    void allEqualAreNamedByTheLeastIds() {
      Dataset<Row> rows =
          session
              .range(0, 5000, 1, 4)
              .selectExpr("id", "array(float(0.6), float(0.8)) AS embedding");
      Map<Long, List<Neighbor>> found =
          found(
              new NearestNeighbors()
                  .setK(3)
                  .setExcludeSelf(true)
                  .fit(rows)
                  .transform(rows.where("id < 2 OR id = 4000")));
      assertThat(found.get(0L)).extracting(Neighbor::id).containsExactly(1L, 2L, 3L);
      assertThat(found.get(1L)).extracting(Neighbor::id).containsExactly(0L, 2L, 3L);
      assertThat(found.get(4000L)).extracting(Neighbor::id).containsExactly(0L, 1L, 2L);
    }

    @Test
    void fewerThanKAreAllThereAre() {
      Dataset<Row> one = few(1L, new float[] {1, 0});
      assertThat(found(new NearestNeighbors().fit(one).transform(one)).get(1L)).hasSize(1);
      NearestNeighborsModel alone = new NearestNeighbors().setExcludeSelf(true).fit(one);
      assertThat(found(alone.transform(one)).get(1L)).isEmpty();
    }

    @Test
    void ofAnEmptyCorpusOrNoQueriesGiveNone() {
      Dataset<Row> none = few();
      Dataset<Row> some = few(1L, new float[] {1, 0}, 2L, null);
      Map<Long, List<Neighbor>> found = found(new NearestNeighbors().fit(none).transform(some));
      assertThat(found.get(1L)).isEmpty();
      assertThat(found.get(2L)).isNull();
      Dataset<Row> nothing = new NearestNeighbors().fit(some).transform(none);
      assertThat(nothing.count()).isZero();
      assertThat(nothing.columns()).containsExactly("id", "embedding", "neighbors");
    }

    @Test
    void ofOtherDimensionsAreRefused() {
      Dataset<Row> mixed = few(1L, new float[] {1, 0}, 2L, new float[] {1, 0, 0});
      assertThatThrownBy(() -> new NearestNeighbors().fit(mixed))
          .hasStackTraceContaining("numbers where others have");
      assertThatThrownBy(() -> new NearestNeighbors().fit(mixed.repartition(2)))
          .hasStackTraceContaining("numbers where others have");
      NearestNeighborsModel model = new NearestNeighbors().fit(few(1L, new float[] {1, 0}));
      assertThatThrownBy(() -> model.transform(mixed).collectAsList())
          .hasStackTraceContaining("a vector has 3 numbers where others have 2");
    }

    @Test
    void ofOtherModelsAreRefusedByName() {
      Dataset<Row> rows = few(1L, new float[] {1, 0});
      NearestNeighborsModel model = new NearestNeighbors().fit(of(rows, "one", "aa"));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> model.transform(of(rows, "other", "bb")))
          .withMessageContaining("column 'embedding'")
          .withMessageContaining("different models");
      assertThat(model.transform(of(rows, "one", "aa")).count()).isEqualTo(1);
    }

    private Dataset<Row> of(Dataset<Row> rows, String model, String fingerprint) {
      Metadata metadata =
          new VectorOrigin(model, fingerprint, "v1_0_1", "fp32", 512, 2, java.util.Optional.empty())
              .metadata();
      return rows.withColumn("embedding", rows.col("embedding").as("embedding", metadata));
    }
  }

  @Nested
  class Groups {
    private Map<Long, Long> groups(Dataset<Row> rows, double least) {
      Map<Long, Long> groups = new HashMap<>();
      for (Row row :
          new NearestNeighbors()
              .setMinSimilarity(least)
              .fit(rows)
              .similarityGroups()
              .collectAsList()) {
        assertThat(groups.put(row.getAs("id"), row.getAs("group"))).isNull();
      }
      return groups;
    }

    /** By plain loops. */
    private Map<Long, Long> expected(Map<Long, float[]> rows, double least) {
      List<Long> ids = rows.keySet().stream().sorted().toList();
      Map<Long, Long> group = new HashMap<>();
      ids.forEach(id -> group.put(id, id));
      boolean changed = true;
      while (changed) {
        changed = false;
        for (long one : ids) {
          for (long other : ids) {
            if (cosine(rows.get(one), rows.get(other)) >= (float) least
                && group.get(one) < group.get(other)) {
              group.put(other, group.get(one));
              changed = true;
            }
          }
        }
      }
      Map<Long, Long> sizes = new HashMap<>();
      group.values().forEach(value -> sizes.merge(value, 1L, Long::sum));
      group.values().removeIf(value -> sizes.get(value) == 1);
      return group;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.8, 0.95, 1.0})
    void areTheConnectedComponentsOfTheSimilarRows(double least) {
      Dataset<Row> rows = vectors(0, 700, 5, 16);
      Map<Long, Long> expected = expected(byId(rows), least);
      assertThat(expected).isNotEmpty();
      assertThat(groups(rows.repartition(7), least)).isEqualTo(expected);
      assertThat(groups(rows.coalesce(1), least)).isEqualTo(expected);
    }

    @Test
    void reachAlongAChain() {
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        double angle = i * 0.004;
        rows.add(
            RowFactory.create(
                (long) (i * 7919 % 400),
                new float[] {(float) Math.cos(angle), (float) Math.sin(angle)}));
      }
      Dataset<Row> chain = session.createDataFrame(rows, schema(DataTypes.LongType));
      assertThat(groups(chain.repartition(5), Math.cos(0.005)))
          .hasSize(400)
          .allSatisfy((id, group) -> assertThat(group).isZero());
    }

    @Test
    void areNoneWhereNothingIsSimilarOrThereIsNothing() {
      Dataset<Row> rows = few(1L, new float[] {1, 0}, 2L, new float[] {0, 1}, 3L, null);
      assertThat(groups(rows, 0.9)).isEmpty();
      assertThat(groups(rows.limit(0), 0.9)).isEmpty();
      NearestNeighborsModel model = new NearestNeighbors().fit(rows);
      assertThatThrownBy(model::similarityGroups).hasMessageContaining("minSimilarity");
    }
  }

  @Nested
  class InCells {
    private NearestNeighbors stage() {
      return new NearestNeighbors().setK(5).setAlgorithm("ivf").setCells(12).setExcludeSelf(true);
    }

    @Test
    void findMostOfTheExactOnesAndSayHowMany(@TempDir Path folder) throws Exception {
      Dataset<Row> corpus = vectors(0, 1500, 16, 13);
      NearestNeighborsModel model = stage().setTargetRecall(0.8).fit(corpus.repartition(3));
      assertThat(model.algorithmUsed()).isEqualTo("ivf");
      assertThat(model.cellCount()).isEqualTo(12);
      assertThat(model.probes()).isBetween(2, 11);
      assertThat(model.recall()).isBetween(0.8, 1.0);
      Map<Long, List<Neighbor>> exact = bruteForce(byId(corpus), byId(corpus), 5, true);
      Map<Long, List<Neighbor>> found = found(model.transform(corpus));
      double hits = 0;
      for (Map.Entry<Long, List<Neighbor>> entry : found.entrySet()) {
        List<Neighbor> wanted = exact.get(entry.getKey());
        for (Neighbor neighbor : entry.getValue()) {
          float least = wanted.get(wanted.size() - 1).similarity();
          hits += neighbor.similarity() >= least ? 1 : 0;
        }
      }
      assertThat(hits / (5 * 1500))
          .isCloseTo(model.recall(), org.assertj.core.api.Assertions.within(0.08));
      model.write().save(folder.resolve("model").toString());
      NearestNeighborsModel loaded = NearestNeighborsModel.load(folder.resolve("model").toString());
      assertThat(loaded.probes()).isEqualTo(model.probes());
      assertThat(found(loaded.transform(corpus))).isEqualTo(found);
    }

    @Test
    void areTheExactOnesWhereAllCellsAreSearched() {
      Dataset<Row> corpus = vectors(0, 600, 8, 14);
      NearestNeighborsModel model =
          stage().setTargetRecall(1).setSimilarity("centered_cosine").fit(corpus);
      NearestNeighborsModel exact =
          stage().setAlgorithm("exact").setSimilarity("centered_cosine").fit(corpus);
      assertThat(model.recall()).isEqualTo(1);
      if (model.probes() == model.cellCount()) {
        assertSame(found(model.transform(corpus)), found(exact.transform(corpus)));
      }
    }

    @Test
    void areNotMadeForSmallOrEmptyCorpora() {
      Dataset<Row> corpus = vectors(0, 50, 8, 15);
      assertThat(stage().setAlgorithm("auto").fit(corpus).algorithmUsed()).isEqualTo("exact");
      assertThat(stage().fit(corpus.limit(0)).transform(corpus).count()).isEqualTo(50);
      assertThat(stage().fit(corpus.limit(1)).algorithmUsed()).isEqualTo("exact");
      NearestNeighborsModel few = stage().setCells(0).fit(corpus.limit(2));
      assertThat(few.cellCount()).isEqualTo(2);
      assertThat(few.transform(corpus).count()).isEqualTo(50);
      Dataset<Row> equal =
          session.range(40).selectExpr("id", "array(float(1), float(2)) AS embedding");
      assertThat(found(stage().fit(equal).transform(equal)).get(7L))
          .extracting(Neighbor::id)
          .containsExactly(0L, 1L, 2L, 3L, 4L);
    }
  }

  @Test
  void refuseColumnsThatAreThereOrAreNoVectors() {
    Dataset<Row> rows = vectors(0, 5, 2, 11);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NearestNeighbors().setOutputCol("id").fit(rows))
        .withMessageContaining("already");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NearestNeighbors().setFeaturesCol("id").fit(rows))
        .withMessageContaining("is bigint");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NearestNeighbors().setSimilarity("euclidean"))
        .withMessageContaining("cosine, centered_cosine");
    assertThat(Arrays.asList(new NearestNeighbors().fit(rows).transform(rows).columns()))
        .contains("neighbors");
  }

  @Test
  void comeBackTheSameWhenSavedAndLoaded(@TempDir Path folder) throws Exception {
    Dataset<Row> corpus = vectors(0, 300, 8, 12);
    NearestNeighbors stage = new NearestNeighbors().setK(4).setOutputCol("near");
    PipelineModel pipeline = new Pipeline().setStages(new PipelineStage[] {stage}).fit(corpus);
    pipeline.write().save(folder.resolve("pipeline").toString());
    PipelineModel loaded = PipelineModel.load(folder.resolve("pipeline").toString());
    assertThat(loaded.transform(corpus).orderBy("id").collectAsList())
        .isEqualTo(pipeline.transform(corpus).orderBy("id").collectAsList());
    stage.write().save(folder.resolve("stage").toString());
    assertThat(NearestNeighbors.load(folder.resolve("stage").toString()).explainParams())
        .isEqualTo(stage.explainParams());
  }
}
