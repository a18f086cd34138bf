package io.instructorspark.job.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.instructorspark.job.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code instructor map} from the command line to what it writes and prints. */
class MapCommandIT {
  private static final String SENTIMENT = "Represent the review for classifying its sentiment: ";
  private static final String PRODUCT = "Represent the review for clustering by product: ";

  private static final String[][] ROWS = {
    {"a1", "kettle", "good", "p1", "This kettle boils fast and keeps quiet"},
    {"a2", "kettle", "bad", "p1", "The kettle leaks and its handle gets hot"},
    {"a3", "tent", "good", "p2", "A roomy tent that kept us dry all night"},
    {"a4", "tent", "bad", "p2", "Water came through the tent in the first rain"},
    {"a5", "lamp", "good", "p3", "The lamp gives a warm light to read by"},
    {"a6", "lamp", "bad", "p3", "The lamp flickers and hums after a week"},
    {"a7", "kettle", "good", "", "Tea in two minutes, I love this <b>kettle</b>"},
    {"a8", "tent", "bad", "", "Two poles broke when we put the tent up"},
  };

  @TempDir Path folder;

  private String in(String name) {
    return folder.resolve(name).toString();
  }

  private String input() throws IOException {
    List<String> lines = new ArrayList<>(List.of("name,product,mood,pair,text"));
    for (String[] row : ROWS) {
      lines.add("%s,%s,%s,%s,\"%s\"".formatted((Object[]) row));
    }
    lines.add("a9,lamp,good,,"); // no text
    return Files.write(folder.resolve("reviews.csv"), lines).toString();
  }

  private CommandRun map(String... more) {
    List<String> arguments = new ArrayList<>(List.of("map"));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  @Test
  void ofTwoInstructionsAreOnOnePage() throws IOException {
    CommandRun run =
        map(
            "--input",
            input(),
            "--id-column",
            "name",
            "--instruction",
            SENTIMENT,
            "--instruction",
            PRODUCT,
            "--color-column",
            "product",
            "--pairs",
            "pair",
            "--output",
            in("map.html"),
            "--coordinates",
            in("places"),
            "--projector",
            in("projector"),
            "--run-record",
            in("record.json"));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("8 of 8 texts on 2 maps in " + in("map.html"))
        .contains("1 rows are on no map")
        .contains("(no instruction)")
        .contains("pair distance: mean cosine distance of 3 pairs");
    assertThat(Files.readString(folder.resolve("map.html")))
        .contains("classifying its sentiment", "clustering by product", "10-NN agreement")
        .doesNotContain("<b>kettle");
    JsonNode record = new ObjectMapper().readTree(folder.resolve("record.json").toFile());
    assertThat(record.at("/counts/placed").asInt()).isEqualTo(8);
    assertThat(record.at("/counts/pairs").asInt()).isEqualTo(3);
    assertThat(record.at("/maps")).hasSize(2);
    for (JsonNode one : record.at("/maps")) {
      assertThat(one.at("/agreement").asDouble()).isBetween(0.0, 1.0);
      assertThat(one.at("/pair_distance").asDouble()).isBetween(0.0, 1.0);
      assertThat(one.at("/explained_variance")).hasSize(2);
    }
    assertThat(record.at("/maps/0/pair_distance").asDouble())
        .isNotEqualTo(record.at("/pair_distance_without_instruction").asDouble());
    List<Row> rows;
    try (SparkSession session = CommandRun.look()) {
      rows = session.read().parquet(in("places")).orderBy("name").collectAsList();
    }
    assertThat(rows.get(0).schema().fieldNames())
        .containsExactly(
            "name", "product", "mood", "pair", "text", "x_1", "y_1", "x_2", "y_2", "error");
    assertThat(rows).hasSize(9);
    assertThat(rows.get(8).isNullAt(rows.get(8).fieldIndex("x_1"))).isTrue();
    double sum = rows.subList(0, 8).stream().mapToDouble(row -> row.<Float>getAs("x_2")).sum();
    assertThat(sum).as("a map's middle").isCloseTo(0, within(1e-4));
    List<String> tensors = Files.readAllLines(folder.resolve("projector/tensors-2.tsv"));
    assertThat(tensors).hasSize(8).allMatch(line -> line.split("\t").length == 256);
    assertThat(Files.readAllLines(folder.resolve("projector/metadata.tsv")))
        .hasSize(9)
        .startsWith("name\ttext\tproduct", "a1\tThis kettle boils fast and keeps quiet\tkettle");
    assertThat(folder.resolve("projector/projector_config.pbtxt"))
        .content()
        .contains("tensor_path: \"tensors-2.tsv\"");
    JsonNode config =
        new ObjectMapper().readTree(folder.resolve("projector/projector_config.json").toFile());
    assertThat(config.at("/embeddings/1/tensorPath").asText()).isEqualTo("tensors-2.tsv");
    CommandRun again = map("--input", in("reviews.csv"), "--output", in("map.html"));
    assertThat(again.status()).as("a page of ours is replaced: " + again.err()).isZero();
  }

  @Test
  void inThreeDimensionsNameClusters() throws IOException {
    CommandRun run =
        map(
            "--input",
            input(),
            "--instruction",
            PRODUCT,
            "--dims",
            "3",
            "--clusters",
            "2..3",
            "--output",
            in("map.html"),
            "--coordinates",
            in("places"),
            "--coordinates-format",
            "csv");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("8 of 8 texts on a map");
    assertThat(Files.readString(folder.resolve("map.html"))).containsPattern("1: [a-z]+");
    try (SparkSession session = CommandRun.look()) {
      Row[] rows = (Row[]) session.read().option("header", true).csv(in("places")).collect();
      assertThat(rows).hasSize(9);
      assertThat(rows[0].schema().fieldNames())
          .containsExactly("name", "product", "mood", "pair", "text", "x", "y", "z", "error");
    }
  }

  @Test
  void areSavedForNewTexts() throws IOException {
    CommandRun run =
        map(
            "--input", input(),
            "--instruction", PRODUCT,
            "--output", in("map.html"),
            "--coordinates", in("places"),
            "--save-model", in("model"));
    assertThat(run.status()).as(run.err()).isZero();
    CommandRun again =
        map(
            "--input", in("reviews.csv"),
            "--load-model", in("model"),
            "--output", in("again.html"),
            "--coordinates", in("again"));
    assertThat(again.status()).as(again.err()).isZero();
    try (SparkSession session = CommandRun.look()) {
      List<Row> first = session.read().parquet(in("places")).orderBy("name").collectAsList();
      List<Row> second = session.read().parquet(in("again")).orderBy("name").collectAsList();
      List<Row> third =
          PipelineModel.load(in("model"))
              .transform(session.createDataset(List.of(ROWS[0][4]), Encoders.STRING()).toDF("text"))
              .collectAsList();
      for (int i = 0; i < 8; i++) {
        assertThat(second.get(i).<Float>getAs("x"))
            .isCloseTo(first.get(i).<Float>getAs("x"), within(1e-5f));
      }
      assertThat(third.get(0).<Float>getList(third.get(0).fieldIndex("coordinates")).get(1))
          .isCloseTo(first.get(0).<Float>getAs("y"), within(1e-5f));
    }
    CommandRun both =
        map(
            "--input",
            in("reviews.csv"),
            "--load-model",
            in("model"),
            "--instruction",
            PRODUCT,
            "--output",
            in("b.html"));
    assertThat(both.status()).isEqualTo(2);
    assertThat(both.err()).contains("--load-model brings its own model, instruction and axes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--dims 4                             | 2 | --dims must be 2 or 3",
        "--output-format jsonl                | 2 | --coordinates-format is the format of --coordinates",
        "--instruction a --instruction a      | 2 | is given twice",
        "--color-column mood --clusters 2     | 2 | leave out --color-column or --clusters",
        "--instruction a --instruction b --save-model m | 2 | keeps the map of one instruction",
        "--dims 3 --load-model m              | 2 | --load-model brings its own",
        "--coordinates X --save-model X       | 2 | would be written over each other",
        "--save-model .                       | 2 | would be written over each other",
        "--color-column moods                 | 1 | mood",
        "--pairs name                         | 1 | no two rows share a value of column 'name'",
        "--clusters 40                        | 1 | as many colours as people tell apart",
        "--clusters 9                         | 1 | too few for 9 clusters",
        "--embedding-column text              | 1 | vectors are array<float>",
        "--load-model nowhere                 | 1 | there is no saved model in nowhere",
      })
  void areRefusedForWhatCannotBe(String options, int status, String message) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("--input", input(), "--output", in("map.html")));
    for (String option : options.strip().split(" +")) {
      arguments.add(option.equals(".") ? folder.toString() : option);
    }
    CommandRun run = map(arguments.toArray(String[]::new));
    assertThat(run.status()).as(run.err()).isEqualTo(status);
    assertThat(run.err()).contains(message);
    assertThat(folder.resolve("map.html")).doesNotExist();
  }

  @Test
  void doNotReplaceWhatIsNoMap() throws IOException {
    Files.writeString(folder.resolve("map.html"), "<html>mine</html>");
    Files.createDirectory(folder.resolve("projector"));
    Files.writeString(folder.resolve("projector/notes.txt"), "mine");
    CommandRun run = map("--input", input(), "--output", in("map.html"));
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("no page of a map, so it is not replaced");
    CommandRun other =
        map("--input", input(), "--output", in("new.html"), "--projector", in("projector"));
    assertThat(other.status()).isEqualTo(1);
    assertThat(other.err()).contains("holds notes.txt");
    assertThat(folder.resolve("map.html")).hasContent("<html>mine</html>");
  }
}
