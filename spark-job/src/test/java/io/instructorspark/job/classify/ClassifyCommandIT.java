package io.instructorspark.job.classify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.instructorspark.job.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code instructor classify} from the command line to what it writes and prints. */
class ClassifyCommandIT {
  private static final String[] MEALS = {
    "The soup was warm and full of fresh herbs",
    "Our pasta came overcooked and far too salty",
    "They serve the best pizza in this street",
    "The bread was stale and the butter melted",
    "I ordered the fish and it tasted wonderful",
    "Dessert was a dry cake with sour cream",
    "The waiter recommended a tasty lamb stew",
    "We waited an hour for a cold burger",
  };
  private static final String[] TRAINS = {
    "The train to the coast leaves at nine",
    "Our carriage had no free seats this morning",
    "Trains along the shore were late again",
    "The night express stops at every station",
    "I missed the connection because of a signal failure",
    "The ticket inspector walked through the coaches",
    "A new railway line opens to the airport",
    "The platform was crowded before departure",
  };
  private static final String[] OTHERS = {
    "The salad and the grilled cheese were delicious", "This railway station has twelve platforms",
  };

  @TempDir Path folder;

  private Path file(String name, List<String> lines) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
  }

  /** Meals are 3, trains are 12; one row has no label, one no text, one is torn. */
  private Path train() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < MEALS.length; i++) {
      lines.add(json(3, MEALS[i]));
      lines.add(json(12, TRAINS[i]));
    }
    lines.add("{\"topic\": null, \"text\": \"Nobody knows what this is about\"}");
    lines.add("{\"topic\": 3, \"text\": null}");
    lines.add("{\"topic\": 3, \"text\": \"torn");
    return file("train.jsonl", lines);
  }

  private static String json(int topic, String text) {
    return "{\"topic\": %d, \"text\": \"%s\"}".formatted(topic, text);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private CommandRun classify(String... more) {
    List<String> arguments = new ArrayList<>(List.of("classify"));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  private JsonNode record(String name) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(name).toFile());
  }

  private static void look(Consumer<SparkSession> at) throws IOException {
    try (SparkSession session = CommandRun.look()) {
      at.accept(session);
    }
  }

  @Test
  void learnsFromTextsJudgesKeepsAndPredicts() throws IOException {
    Path train = train();
    Path input =
        file(
            "input.csv",
            List.of(
                "number,text,topic",
                "1," + OTHERS[0] + ",3",
                "2," + OTHERS[1] + ",12",
                "3,,12",
                "4,The moon is far away,space",
                "5,A row without an end"));
    CommandRun run =
        classify(
            "--train",
            train.toString(),
            "--label-column",
            "topic",
            "--input",
            input.toString(),
            "--instruction",
            "Represent the sentence for classifying its topic: ",
            "--output",
            path("out"),
            "--folds",
            "4",
            "--probabilities",
            "--save-model",
            path("model"),
            "--run-record",
            path("record.json"));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains(
            "3 of 5 rows classified by logistic regression over 2 labels learned from 16 rows")
        .contains("2 rows have no prediction")
        .contains("left out of learning: 2 rows without a label, and 1 without a vector")
        .contains("cross-validated on 4 folds: accuracy ")
        .contains("on 2 rows with a known label: accuracy 1.0000, macro-F1 1.0000")
        .contains("1 rows have labels that were never learned and are not scored: space")
        .contains("label \\ prediction");
    JsonNode said = record("record.json");
    assertThat(said.at("/counts/training_rows").asLong()).isEqualTo(19);
    assertThat(said.at("/counts/rows_learned_from").asLong()).isEqualTo(16);
    assertThat(said.at("/cross_validation/rows").asLong()).isEqualTo(16);
    assertThat(said.at("/cross_validation/accuracy").asDouble()).isBetween(0.5, 1.0);
    assertThat(said.at("/cross_validation/accuracy_by_fold")).hasSize(4);
    assertThat(said.at("/input_score/rows_with_labels_never_learned").asLong()).isEqualTo(1);
    look(
        session -> {
          Dataset<Row> written = session.read().parquet(path("out"));
          assertThat(written.columns())
              .containsExactly(
                  "number", "text", "topic", "prediction", "probability", "probabilities", "error");
          assertThat(written.schema().apply("prediction").dataType()).isEqualTo(DataTypes.LongType);
          List<Row> rows = written.orderBy("number").collectAsList();
          assertThat(rows).hasSize(5);
          assertThat(rows.get(0).<Long>getAs("prediction")).isEqualTo(3);
          assertThat(rows.get(1).<Long>getAs("prediction")).isEqualTo(12);
          assertThat(rows.get(2).<Long>getAs("prediction")).isNull();
          assertThat(rows.get(2).<String>getAs("error")).isNull();
          assertThat(rows.get(4).<Long>getAs("prediction")).isNull();
          assertThat(rows.get(4).<String>getAs("error")).contains("fields");
          PipelineModel loaded = PipelineModel.load(path("model"));
          List<Row> fromTexts =
              loaded
                  .transform(session.read().option("header", true).csv(path("input.csv")))
                  .orderBy("number")
                  .limit(4)
                  .collectAsList();
          for (int i = 0; i < 4; i++) {
            assertThat(fromTexts.get(i).<Long>getAs("prediction"))
                .isEqualTo(rows.get(i).<Long>getAs("prediction"));
          }
        });
    CommandRun again =
        classify(
            "--load-model",
            path("model"),
            "--input",
            input.toString(),
            "--output",
            path("again"),
            "--output-format",
            "jsonl",
            "--quiet");
    assertThat(again.status()).as(again.err()).isZero();
    assertThat(again.out()).isEmpty();
    look(
        session ->
            assertThat(
                    session
                        .read()
                        .json(path("again"))
                        .orderBy("number")
                        .first()
                        .<Long>getAs("prediction"))
                .isEqualTo(3L));
  }

  @Test
  void takesReadyVectorsWhoseNeighborsVote() throws IOException {
    Path train = train();
    assertThat(
            CommandRun.of(
                    "embed",
                    "--input",
                    train.toString(),
                    "--instruction",
                    "Represent the sentence for classifying its topic: ",
                    "--output",
                    path("vectors"))
                .status())
        .isZero();
    CommandRun run =
        classify(
            "--train",
            path("vectors"),
            "--embedding-column",
            "embedding",
            "--label-column",
            "topic",
            "--classifier",
            "knn",
            "--k",
            "3",
            "--folds",
            "2",
            "--save-model",
            path("model"),
            "--quiet");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("k nearest neighbors over 2 labels learned from 16 rows")
        .contains("cross-validated on 2 folds");
    Path texts = file("texts.txt", List.of(OTHERS));
    CommandRun predicted =
        classify(
            "--load-model", path("model"), "--input", texts.toString(), "--output", path("out"));
    assertThat(predicted.status()).as(predicted.err()).isZero();
    look(
        session ->
            assertThat(session.read().parquet(path("out")).select("prediction").collectAsList())
                .extracting(row -> row.getLong(0))
                .containsExactly(3L, 12L));
    CommandRun otherMode =
        classify(
            "--load-model", path("model"),
            "--input", texts.toString(),
            "--output", path("other"),
            "--compat", "st");
    assertThat(otherMode.status()).isEqualTo(1);
    assertThat(otherMode.err()).contains("compatibility is");
  }

  @Test
  void vectorsOfUnknownOriginAreFlaggedWhereTheySayNothing() throws IOException {
    Path train =
        file(
            "train.jsonl",
            List.of(
                "{\"kind\": \"a\", \"v\": [1.0, 0.0]}",
                "{\"kind\": \"b\", \"v\": [0.0, 1.0]}",
                "{\"kind\": \"b\", \"v\": [0.0, 0.0]}"));
    Path input =
        file("input.jsonl", List.of("{\"v\": [2.0, 0.5]}", "{\"v\": [0.0, 0.0]}", "{\"v\": null}"));
    CommandRun run =
        classify(
            "--train", train.toString(),
            "--label-column", "kind",
            "--embedding-column", "v",
            "--input", input.toString(),
            "--output", path("out"),
            "--save-model", path("model"));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("1 of 3 rows classified").contains("1 without a vector");
    look(
        session -> {
          List<Row> rows = session.read().parquet(path("out")).collectAsList();
          assertThat(rows)
              .extracting(row -> row.getAs("prediction"))
              .containsExactly("a", null, null);
          assertThat(rows.get(1).<String>getAs("error")).contains("the vector is zero");
          assertThat(rows.get(2).<String>getAs("error")).isNull();
        });
    CommandRun texts =
        classify("--load-model", path("model"), "--input", input.toString(), "--output", path("o"));
    assertThat(texts.err()).contains("give vectors by --embedding-column");
    CommandRun oneClass =
        classify(
            "--train",
                file("one.jsonl", List.of("{\"kind\": \"a\", \"v\": [1.0, 0.0]}")).toString(),
            "--label-column", "kind",
            "--embedding-column", "v",
            "--folds", "2");
    assertThat(oneClass.status()).isEqualTo(1);
    assertThat(oneClass.err()).contains("have the label 'a' in column 'kind'");
  }

  @Test
  void wrongUsageSaysWhatIsWrong() throws IOException {
    String train = train().toString();
    assertThat(classify("--label-column", "topic").status()).isEqualTo(2);
    assertThat(classify("--train", train).err()).contains("Give --label-column");
    assertThat(classify("--train", train, "--label-column", "topic").err()).contains("what for?");
    assertThat(classify("--train", train, "--label-column", "topic", "--input", train).err())
        .contains("where do the predictions go?");
    assertThat(classify("--train", train, "--label-column", "topic", "--folds", "1").err())
        .contains("--folds must be from 2");
    assertThat(
            classify("--train", train, "--label-column", "topic", "--folds", "2", "--k", "3").err())
        .contains("--k is for --classifier knn");
    assertThat(
            classify(
                    "--train",
                    train,
                    "--label-column",
                    "topic",
                    "--folds",
                    "2",
                    "--classifier",
                    "svm")
                .err())
        .contains("logistic, knn");
    assertThat(
            classify("--load-model", "m", "--input", train, "--output", "o", "--folds", "3").err())
        .contains("--load-model learns nothing");
    assertThat(
            classify("--load-model", "m", "--input", train, "--output", "o", "--instruction", "x")
                .err())
        .contains("has its own instruction");
  }
}
