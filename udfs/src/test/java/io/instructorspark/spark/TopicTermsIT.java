package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicTermsIT {
  private SparkSession session;

  @BeforeEach
  void takeSession() {
    session = TestSession.get();
  }

  private Dataset<Row> rows(Object... clustersAndTexts) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < clustersAndTexts.length; i += 2) {
      rows.add(RowFactory.create(clustersAndTexts[i], clustersAndTexts[i + 1]));
    }
    return session.createDataFrame(
        rows,
        new StructType().add("cluster", DataTypes.IntegerType).add("text", DataTypes.StringType));
  }

  private Dataset<Row> animals() {
    return rows(
        0, "The cat sleeps. The cat eats",
        0, "A cat eats fish",
        1, "The dog barks",
        1, "dog eats dog");
  }

  private static Map<Integer, Map<String, Double>> found(Dataset<Row> result) {
    Map<Integer, Map<String, Double>> found = new LinkedHashMap<>();
    for (Row row : result.collectAsList()) {
      Map<String, Double> terms = new LinkedHashMap<>();
      for (Row term : row.<Row>getList(1)) {
        terms.put(term.getString(0), term.getDouble(1));
      }
      found.put(row.getInt(0), terms);
    }
    return found;
  }

  /** Words: cat 3, eats 2, sleeps 1, fish 1; dog 3, barks 1, eats 1. */
  @Test
  void weighByShareInTheClusterAndRarityInAll() {
    Map<Integer, Map<String, Double>> found =
        found(new TopicTerms().setMaxNGram(1).transform(animals()));
    assertThat(found.keySet()).containsExactly(0, 1);
    double mean = (7 + 5) / 2.0;
    assertThat(found.get(0).keySet()).containsExactly("cat", "eats", "fish", "sleeps");
    assertThat(found.get(0).get("cat")).isCloseTo(3 / 7.0 * Math.log(1 + mean / 3), within(1e-12));
    assertThat(found.get(0).get("eats")).isCloseTo(2 / 7.0 * Math.log(1 + mean / 3), within(1e-12));
    assertThat(found.get(1).keySet()).containsExactly("dog", "barks", "eats");
    assertThat(found.get(1).get("barks")).isCloseTo(1 / 5.0 * Math.log(1 + mean), within(1e-12));
  }

  @Test
  void weighByBm25WhereThatIsAsked() {
    Map<Integer, Map<String, Double>> found =
        found(new TopicTerms().setMaxNGram(1).setWeighting("bm25").transform(animals()));
    double rarity = Math.log(1 + (6 - 3 + 0.5) / (3 + 0.5));
    assertThat(found.get(0).get("cat")).isCloseTo(3 / 7.0 * rarity, within(1e-12));
  }

  @Test
  void areWordsAndPairsOfThoseThatAreLeft() {
    Map<Integer, Map<String, Double>> found =
        found(new TopicTerms().setNumTerms(50).transform(rows(7, "Trains to the coast: trains!")));
    assertThat(found.get(7).keySet())
        .containsExactlyInAnyOrder("trains", "coast", "trains coast", "coast trains");
  }

  @Test
  void mustBeInEnoughTextsAndAreAtMostSoMany() {
    Map<Integer, Map<String, Double>> found =
        found(new TopicTerms().setMinDocFreq(2).setNumTerms(2).transform(animals()));
    assertThat(found.get(0).keySet()).containsExactly("cat", "cat eats");
    assertThat(found.get(1).keySet()).containsExactly("dog", "eats");
  }

  @Test
  void ofAClusterWithoutWordsAreNone() {
    Map<Integer, Map<String, Double>> found =
        found(
            new TopicTerms()
                .transform(
                    rows(0, null, 1, "the and of", 2, "", 3, "windy weather", null, "lost")));
    assertThat(found.keySet()).containsExactly(0, 1, 2, 3);
    assertThat(found.get(0)).isEmpty();
    assertThat(found.get(1)).isEmpty();
    assertThat(found.get(2)).isEmpty();
    assertThat(found.get(3)).containsKeys("windy", "weather", "windy weather");
    assertThat(new TopicTerms().transform(rows()).collectAsList()).isEmpty();
  }

  @Test
  void leaveOutTheStopWordsThatAreGiven() {
    Map<Integer, Map<String, Double>> found =
        found(
            new TopicTerms()
                .setStopWords(new String[] {"CAT"})
                .setMaxNGram(1)
                .transform(animals()));
    assertThat(found.get(0)).containsKey("the").doesNotContainKey("cat");
  }

  @Test
  void doNotDependOnHowRowsAreDistributed() {
    TopicTerms stage = new TopicTerms();
    assertThat(stage.transform(animals().repartition(7)).collectAsList())
        .isEqualTo(stage.transform(animals().coalesce(1)).collectAsList());
  }

  @Test
  void keepTypeAndNamesOfTheColumns() {
    Dataset<Row> rows = animals().selectExpr("concat('c', cluster) AS `my.cluster`", "text AS t");
    TopicTerms stage =
        new TopicTerms().setInputCol("t").setClusterCol("my.cluster").setOutputCol("words");
    Dataset<Row> result = stage.transform(rows);
    assertThat(result.schema().simpleString())
        .isEqualTo(stage.transformSchema(rows.schema()).simpleString())
        .isEqualTo("struct<my.cluster:string,words:array<struct<term:string,weight:double>>>");
    assertThat(result.head().getString(0)).isEqualTo("c0");
  }

  @Test
  void ofColumnsThatCannotHaveThemAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TopicTerms().setInputCol("body").transform(animals()))
        .withMessageContaining("no column 'body'")
        .withMessageContaining("cluster, text");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TopicTerms().setInputCol("cluster").transform(animals()))
        .withMessageContaining("only strings have terms");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TopicTerms().setOutputCol("cluster").transform(animals()))
        .withMessageContaining("choose another outputCol");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TopicTerms().setWeighting("idf"))
        .withMessageContaining("c-tf-idf, bm25");
  }

  @Test
  void comeBackTheSameWhenSavedAndLoaded(@TempDir Path folder) throws Exception {
    TopicTerms stage =
        new TopicTerms().setNumTerms(3).setWeighting("bm25").setStopWords(new String[] {"fish"});
    stage.write().save(folder.resolve("stage").toString());
    TopicTerms loaded = TopicTerms.load(folder.resolve("stage").toString());
    assertThat(loaded.uid()).isEqualTo(stage.uid());
    assertThat(loaded.getNumTerms()).isEqualTo(3);
    assertThat(loaded.getWeighting()).isEqualTo("bm25");
    assertThat(loaded.getStopWords()).containsExactly("fish");
    assertThat(loaded.getPattern()).isEqualTo(stage.getPattern());
    PipelineModel pipeline = new Pipeline().setStages(new PipelineStage[] {stage}).fit(animals());
    pipeline.write().save(folder.resolve("pipeline").toString());
    assertThat(PipelineModel.load(folder.resolve("pipeline").toString()).stages())
        .singleElement()
        .isInstanceOf(TopicTerms.class);
  }
}
