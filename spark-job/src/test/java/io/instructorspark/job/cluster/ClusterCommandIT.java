package io.instructorspark.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.instructorspark.job.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code instructor cluster} from the command line to what it writes and prints. */
class ClusterCommandIT {
  private static final String[] TEXTS = {
    "The pizza was cold and the pasta too salty",
    "A pizza with fresh cheese and tomatoes",
    "Pasta with tomatoes and cheese for lunch",
    "The cheese on this pizza is delicious",
    "The train to the coast leaves at nine",
    "Our train was late, and the station cold",
    "Two trains stood at the railway station",
    "A railway ticket for the night train",
    "The doctor gave me medicine for the flu",
    "A nurse and a doctor work in this hospital",
    "The medicine made the <b>patient</b> healthy & strong",
    "The hospital treats every patient with flu",
  };

  @TempDir Path folder;

  private String in(String name) {
    return folder.resolve(name).toString();
  }

  private Path file(String name, String... lines) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
  }

  private CommandRun cluster(String... more) {
    List<String> arguments = new ArrayList<>(List.of("cluster"));
    arguments.addAll(List.of(more));
    arguments.addAll(List.of("--conf", "spark.sql.shuffle.partitions=2"));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  private static Set<Object> clusters(List<Row> rows, int from, int to) {
    Set<Object> found = new HashSet<>();
    rows.subList(from, to).forEach(row -> found.add(row.getAs("cluster")));
    return found;
  }

  @Test
  void ofTextsAreNamedShownSavedAndUsedAgain() throws IOException {
    CommandRun run =
        cluster(
            "--input", file("texts.txt", TEXTS).toString(),
            "--instruction", "Represent the sentence for clustering by topic: ",
            "--k", "2..4",
            "--starts", "2",
            "--output", in("out"),
            "--summary", in("summary"),
            "--page", in("page.html"),
            "--save-model", in("model"),
            "--run-record", in("record.json"));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("silhouette")
        .contains("◄")
        .containsPattern("\\d clusters of 12 rows, by cosine");
    JsonNode summary = new ObjectMapper().readTree(folder.resolve("out/_clusters.json").toFile());
    int k = summary.at("/chosen_k").asInt();
    assertThat(summary.at("/curve")).hasSize(3);
    assertThat(summary.at("/clusters")).hasSize(k);
    assertThat(summary.at("/clusters/0/nearest/0/text").asText()).isIn((Object[]) TEXTS);
    assertThat(summary.at("/clusters/0/doubtful/0/second_cluster").isInt()).isTrue();
    assertThat(summary.at("/clusters/0/terms/0/weight").asDouble()).isPositive();
    assertThat(summary.at("/clusters/0/cohesion").asDouble()).isBetween(0.0, 1.0);
    assertThat(summary.at("/vectors/instruction").asText()).startsWith("Represent the sentence");
    JsonNode record = new ObjectMapper().readTree(folder.resolve("record.json").toFile());
    assertThat(record.at("/counts/clusters").asInt()).isEqualTo(k);
    assertThat(Files.readString(folder.resolve("page.html")))
        .contains("<svg", "Nearest to the centre", "Most doubtful")
        .contains("&lt;b&gt;patient&lt;/b&gt; healthy &amp; strong")
        .doesNotContain("<b>", "<script", "http://", "https://");
    List<Row> rows;
    try (SparkSession session = CommandRun.look()) {
      rows = session.read().parquet(in("out")).collectAsList();
      assertThat(rows.get(0).schema().fieldNames())
          .containsExactly("text", "cluster", "distance", "error");
      assertThat(rows).extracting(row -> row.getAs("text")).containsExactly((Object[]) TEXTS);
      assertThat(clusters(rows, 0, 12)).hasSize(k);
      assertThat(rows)
          .allSatisfy(row -> assertThat(row.<Double>getAs("distance")).isBetween(0.0, 1.0));
      assertThat(session.read().parquet(in("summary")).count()).isEqualTo(k);
      List<Row> again =
          PipelineModel.load(in("model"))
              .transform(session.createDataset(List.of(TEXTS), Encoders.STRING()).toDF("text"))
              .collectAsList();
      assertThat(again)
          .extracting(row -> row.<Object>getAs("cluster"))
          .containsExactlyElementsOf(
              rows.stream().map(row -> row.<Object>getAs("cluster")).toList());
    }
    Path more =
        file(
            "more.jsonl",
            "{\"number\": 1, \"text\": \"" + TEXTS[4] + "\"}",
            "{\"number\": 2, \"text\": null}",
            "{\"number\": 3, \"text\": \"torn");
    CommandRun applied =
        cluster("--input", more.toString(), "--load-model", in("model"), "--output", in("applied"));
    assertThat(applied.status()).as(applied.err()).isZero();
    assertThat(applied.out())
        .contains("1 clusters of 1 rows")
        .contains("2 rows are in no cluster")
        .contains("1 of them because of an error");
    try (SparkSession session = CommandRun.look()) {
      List<Row> found = session.read().parquet(in("applied")).orderBy("number").collectAsList();
      assertThat(found).hasSize(3);
      assertThat(found)
          .filteredOn(row -> row.getAs("cluster") != null)
          .singleElement()
          .satisfies(
              row -> {
                assertThat(row.<String>getAs("text")).isEqualTo(TEXTS[4]);
                assertThat(row.<Object>getAs("cluster")).isEqualTo(rows.get(4).getAs("cluster"));
              });
    }
  }

  @Test
  void ofReadyVectorsFlagThoseWithoutADirection() throws IOException {
    StructType schema =
        new StructType()
            .add("name", DataTypes.StringType)
            .add("v", DataTypes.createArrayType(DataTypes.DoubleType));
    try (SparkSession session = CommandRun.look()) {
      List<Row> rows =
          List.of(
              RowFactory.create("right", new double[] {1, 0}),
              RowFactory.create("up", new double[] {0, 2}),
              RowFactory.create("null", null),
              RowFactory.create("zero", new double[] {0, 0}),
              RowFactory.create("nan", new double[] {Double.NaN, 1}),
              RowFactory.create("hole", new Double[] {1.0, null}),
              RowFactory.create("also right", new double[] {3, 0.1}));
      session.createDataFrame(rows, schema).coalesce(1).write().parquet(in("vectors"));
      session
          .createDataFrame(
              List.of(
                  RowFactory.create("two", new double[] {1, 0}),
                  RowFactory.create("three", new double[] {1, 0, 0})),
              schema)
          .write()
          .parquet(in("mixed"));
    }
    CommandRun run =
        cluster(
            "--input", in("vectors"),
            "--embedding-column", "v",
            "--text-column", "name",
            "--k", "2",
            "--starts", "1",
            "--output", in("out"));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("2 clusters of 3 rows")
        .contains("4 rows are in no cluster")
        .contains("3 of them because of an error");
    try (SparkSession session = CommandRun.look()) {
      List<Row> rows = session.read().parquet(in("out")).collectAsList();
      assertThat(rows).hasSize(7);
      assertThat(rows.get(0).<Object>getAs("cluster"))
          .isNotNull()
          .isEqualTo(rows.get(6).getAs("cluster"))
          .isNotEqualTo(rows.get(1).getAs("cluster"));
      assertThat(clusters(rows, 2, 6)).containsOnlyNulls();
      assertThat(rows.get(2).<String>getAs("error")).isNull();
      assertThat(rows.get(3).<String>getAs("error")).contains("zero");
      assertThat(rows.get(4).<String>getAs("error")).contains("not finite");
      assertThat(rows.get(5).<String>getAs("error")).contains("a null among its numbers");
    }
    CommandRun mixed =
        cluster(
            "--input", in("mixed"), "--embedding-column", "v", "--k", "2", "--output", in("no"));
    assertThat(mixed.status()).isEqualTo(1);
    assertThat(mixed.err()).contains("some vectors have 2 numbers and others 3");
    CommandRun few =
        cluster(
            "--input",
            in("vectors"),
            "--embedding-column",
            "v",
            "--k",
            "2..4",
            "--output",
            in("no"));
    assertThat(few.status()).isEqualTo(1);
    assertThat(few.err())
        .contains("3 of the 7 rows have a vector with a direction, too few for 4 clusters")
        .contains("the vector is zero")
        .contains("Ask for fewer");
    assertThat(folder.resolve("no")).doesNotExist();
  }

  @Test
  void wrongUsageSaysWhatIsWrong() throws IOException {
    String input = file("texts.txt", TEXTS).toString();
    String[][] wrong = {
      {"--k", "1", "number of clusters must be at least 2"},
      {"--k", "5..3", "end before they begin"},
      {"--k", "some", "a number of clusters or a range is due"},
      {"--load-model", "m", "--instruction", "S", "brings its own model and instruction"},
      {"--k", "2", "--embedding-column", "v", "--instruction", "S", "leave one of them out"},
      {"--k", "2", "--starts", "0", "--starts must be at least 1"},
      {"--k", "2", "--term-weighting", "idf", "c-tf-idf, bm25"},
      {"--k", "2", "--stop-words", "klingon", "klingon"},
      {"Missing required"},
    };
    for (String[] given : wrong) {
      List<String> arguments = new ArrayList<>(List.of("--input", input, "--output", in("o")));
      arguments.addAll(List.of(given).subList(0, given.length - 1));
      CommandRun run = cluster(arguments.toArray(String[]::new));
      assertThat(run.status()).as(run.err()).isEqualTo(2);
      assertThat(run.err()).contains(given[given.length - 1]);
    }
    CommandRun page = cluster("--input", input, "--output", in("o"), "--k", "2", "--page", input);
    assertThat(page.status()).isEqualTo(1);
    assertThat(page.err()).contains("is no page of clusters");
  }
}
