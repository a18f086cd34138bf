package io.instructorspark.job.evaluate;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code instructor evaluate} from the command line to what it writes and prints. */
class EvaluateCommandIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private SmallSuite suite;

  @BeforeEach
  void suite() throws IOException {
    suite = new SmallSuite(Files.createDirectory(folder.resolve("suite")));
  }

  private CommandRun evaluate(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "evaluate",
                "--suite",
                suite.folder().toString(),
                "--output",
                folder.resolve("out").toString()));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  private List<JsonNode> lines(String name) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("out").resolve(name))) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  private static JsonNode one(List<JsonNode> lines, String... keysAndValues) {
    return lines.stream()
        .filter(
            line -> {
              for (int i = 0; i < keysAndValues.length; i += 2) {
                if (!line.path(keysAndValues[i]).asText().equals(keysAndValues[i + 1])) {
                  return false;
                }
              }
              return true;
            })
        .findFirst()
        .orElseThrow();
  }

  @Test
  void scoresEveryCategoryWithEveryInstruction() throws IOException {
    suite.all();
    CommandRun run =
        evaluate(
            "--resamples",
            "200",
            "--draws",
            "3",
            "--per-label",
            "4",
            "--analysis",
            "complexity",
            "--analysis",
            "robustness",
            "--analysis",
            "instructions",
            "--analysis",
            "shift",
            "--domain",
            "search=notes",
            "--run-record",
            folder.resolve("record.json").toString());
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("10 tasks in 10 categories, builtin:instructor-mini")
        .contains("mean over tasks", "mean over categories", "own − none", "own − wrong")
        .contains("Complexity of instructions", "Robustness to paraphrases", "Shift of domain")
        .contains("answers: 1 queries without positives or without negatives are left out")
        .contains("search: 1 queries without a relevant document are left out")
        .doesNotContain("NaN");

    List<JsonNode> scores = lines("scores.jsonl");
    assertThat(scores).hasSize(30);
    for (JsonNode line : scores) {
      assertThat(line.get("score").asDouble()).as(line.toString()).isBetween(-1.0, 1.0);
      assertThat(line.get("low").asDouble()).isLessThanOrEqualTo(line.get("score").asDouble());
      assertThat(line.get("high").asDouble()).isGreaterThanOrEqualTo(line.get("low").asDouble());
      assertThat(line.get("n").asInt()).isPositive();
    }
    assertThat(one(scores, "task", "topics", "instruction", "own").get("score").asDouble())
        .isGreaterThan(0.8);
    assertThat(one(scores, "task", "same", "instruction", "none").get("score").asDouble())
        .isGreaterThan(0.9);
    assertThat(one(scores, "task", "search", "instruction", "own").get("n").asInt()).isEqualTo(2);
    assertThat(one(scores, "task", "views", "instruction", "none").get("score").asDouble())
        .isEqualTo(0.5);
    assertThat(one(scores, "task", "scored-summaries", "instruction", "own").get("n").asInt())
        .isEqualTo(4);
    JsonNode parts = one(scores, "task", "views", "instruction", "own").get("parts");
    assertThat(
            (parts.get("view1_under_view1").asDouble() + parts.get("view2_under_view2").asDouble())
                / 2)
        .isCloseTo(
            one(scores, "task", "views", "instruction", "own").get("score").asDouble(),
            within(1e-12));
    JsonNode wrong = one(scores, "task", "alike", "instruction", "wrong");
    assertThat(wrong.get("instructions_of").asText()).isEqualTo("answers");
    assertThat(wrong.at("/instructions/text").asText()).contains("question for retrieving");

    List<JsonNode> summary = lines("summary.jsonl");
    JsonNode difference =
        one(summary, "level", "task", "name", "topics", "minus_instruction", "none");
    assertThat(difference.get("difference").asDouble())
        .isCloseTo(
            one(scores, "task", "topics", "instruction", "own").get("score").asDouble()
                - one(scores, "task", "topics", "instruction", "none").get("score").asDouble(),
            within(1e-12));
    assertThat(one(summary, "level", "mean_over_categories", "instruction", "own").has("high"))
        .isTrue();

    List<JsonNode> analyses = lines("analyses.jsonl");
    assertThat(analyses.stream().filter(line -> line.get("analysis").asText().equals("complexity")))
        .extracting(line -> line.get("level").asText())
        .containsExactly("none", "tag", "simple", "detailed");
    assertThat(one(analyses, "analysis", "robustness", "task", "topics").get("spread").asDouble())
        .isGreaterThanOrEqualTo(0);
    assertThat(analyses.stream().filter(line -> line.get("analysis").asText().equals("shift")))
        .extracting(line -> line.get("domain").asText())
        .containsExactly("travel", "notes");

    String page = Files.readString(folder.resolve("out/index.html"));
    assertThat(page)
        .startsWith("<!DOCTYPE html>\n<!-- instructor evaluate -->")
        .contains("Content-Security-Policy", "By category", "Complexity of instructions");
    JsonNode record = JSON.readTree(folder.resolve("record.json").toFile());
    assertThat(record.at("/counts/without_vector").asInt(-1)).isZero();
    assertThat(record.at("/scoring/parameters/builtin:instructor-mini").asLong()).isPositive();
  }

  @Test
  void comparesModelsPairedByItem() throws IOException {
    suite.all();
    String copy = "../udfs/src/main/resources/io/instructorspark/models/instructor-mini";
    String[] arguments = {
      "--task",
      "a*",
      "--task",
      "topics",
      "--instructions",
      "own",
      "--draws",
      "2",
      "--resamples",
      "100",
      "--if-exists",
      "overwrite",
      "--model",
      "builtin:instructor-mini",
      "--model",
      copy,
      "--analysis",
      "size"
    };
    CommandRun run = evaluate(arguments);
    assertThat(run.status()).as(run.err()).isZero();
    JsonNode mean =
        one(
            lines("summary.jsonl"),
            "level",
            "mean_over_tasks",
            "minus_model",
            "builtin:instructor-mini",
            "model",
            copy);
    assertThat(mean.get("difference").asDouble()).isZero();
    assertThat(mean.get("difference_high").asDouble()).isZero();
    assertThat(mean.get("within_noise").asBoolean()).isTrue();
    assertThat(one(lines("analyses.jsonl"), "analysis", "size").get("parameters").asLong())
        .isGreaterThan(1_000_000);
    List<String> first = Files.readAllLines(folder.resolve("out/scores.jsonl"));
    assertThat(evaluate(arguments).status()).isZero();
    assertThat(Files.readAllLines(folder.resolve("out/scores.jsonl"))).isEqualTo(first);
  }

  @Test
  void takesFoldsAndGivenSplits() throws IOException {
    suite.all();
    List<String> split = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      split.add(
          "{\"text\": \"%s number %d\", \"label\": \"%s\", \"split\": \"%s\"}"
              .formatted(
                  i % 2 == 0 ? "A warm soup" : "A night train",
                  i,
                  i % 2 == 0 ? "meal" : "train",
                  i < 20 ? "train" : i < 35 ? "test" : "dev"));
    }
    suite.data("split.jsonl", split);
    suite.task(
        "folds",
        "classification",
        "accuracy",
        "texts: labelled.jsonl",
        SmallSuite.text("Represent it: ") + "\nprocedure: folds");
    suite.task(
        "given",
        "classification",
        "accuracy",
        "texts: split.jsonl",
        SmallSuite.text("Represent it: ") + "\nprocedure: split");
    CommandRun run = evaluate("--task", "{folds,given}", "--instructions", "none");
    assertThat(run.status()).as(run.err()).isZero();
    List<JsonNode> scores = lines("scores.jsonl");
    assertThat(one(scores, "task", "folds").get("n").asInt()).isEqualTo(40);
    assertThat(one(scores, "task", "given").get("n").asInt()).isEqualTo(15);
    assertThat(one(scores, "task", "given").get("score").asDouble()).isGreaterThan(0.9);
    assertThat(run.out()).contains("given: 5 rows are neither learned from nor judged");
  }

  @Test
  void saysWhyWhereNoTextHasAVector() throws IOException {
    suite.data(
        "alike.jsonl",
        List.of(
            "{\"a\": \"A warm soup\", \"b\": \"A warm soup with herbs\", \"score\": 4}",
            "{\"a\": \"A night train\", \"b\": \"Dessert\", \"score\": 1}",
            "{\"a\": \"A night train\", \"b\": \"A late train at night\", \"score\": 3}"));
    suite.task(
        "alike",
        "sts",
        "spearman",
        "pairs: alike.jsonl",
        SmallSuite.text("Represent each of these texts: "));
    CommandRun run = evaluate("--instructions", "own", "--max-length", "5");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("no text gets a vector").doesNotContain("NaN");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void takesATextWithoutVectorAsLikeToNothing() throws IOException {
    suite.data(
        "ranked.jsonl",
        List.of(
            "{\"query\": \"soup\", \"positives\": [\"herbs\"], \"negatives\": [\"trains\", \"ships\"]}",
            "{\"query\": \"night\", \"positives\": [\"dark\"], \"negatives\": [\"ships\"]}"));
    suite.task(
        "answers",
        "reranking",
        "map",
        "candidates: ranked.jsonl",
        "query: \"Ask: \"\n  document: \"Represent this answer of more words than the window has room for, all of it: \"");
    CommandRun run = evaluate("--instructions", "own", "--max-length", "10");
    assertThat(run.status()).as(run.err()).isZero();
    JsonNode line = lines("scores.jsonl").get(0);
    assertThat(line.get("without_vector").asInt()).isEqualTo(4);
    assertThat(line.get("score").asDouble()).isCloseTo((1.0 / 3 + 1.0 / 2) / 2, within(1e-12));
    assertThat(run.out()).contains("4 texts have no vector and count as like to nothing");
  }

  @Test
  void readsAllDataBeforeTheFirstTextIsEmbedded() throws IOException {
    suite.all();
    suite.data(
        "alike.jsonl", List.of("{\"a\": \"one\", \"b\": \"two\", \"score\": 1}", "{\"a\": \"torn"));
    CommandRun run = evaluate("--category", "sts");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("alike.jsonl", "task alike", "row 2 is damaged");
    suite.data("alike.jsonl", List.of("{\"a\": \"one\", \"b\": \"two\", \"score\": \"high\"}"));
    assertThat(evaluate("--category", "sts").err()).contains("row 1 has no usable 'score'");
    suite.data("alike.jsonl", List.of("{\"a\": \"one\", \"b\": \"two\", \"score\": 2}"));
    assertThat(evaluate("--category", "sts").err()).contains("all scores are equal");
    suite.data("pairs.jsonl", List.of("{\"a\": \"one\", \"b\": \"two\", \"score\": 2}"));
    assertThat(evaluate("--category", "pair_classification").err()).contains("must be 0 or 1");
    suite.data("labelled.jsonl", List.of("{\"text\": \"one\", \"label\": \"only\"}"));
    assertThat(evaluate("--task", "topics").err()).contains("one label");
    suite.data("qrels.jsonl", List.of("{\"query\": \"q1\", \"doc\": \"d0\", \"score\": 0}"));
    assertThat(evaluate("--task", "search").err()).contains("with a score above 0");
  }

  @Test
  void refusesWhatCannotBeMeant() throws IOException {
    assertThat(evaluate().err()).contains("holds no task");
    suite.all();
    CommandRun misspelt = evaluate("--instructions", "own,nome");
    assertThat(misspelt.status()).isEqualTo(2);
    assertThat(misspelt.err()).contains("nome", "own, none, wrong");
    assertThat(evaluate("--analysis", "size").status()).isEqualTo(2);
    assertThat(evaluate("--category", "sorting").err()).contains("expected one of classification");
    CommandRun unknown = evaluate("--task", "zebra*");
    assertThat(unknown.status()).isEqualTo(2);
    assertThat(unknown.err()).contains("no task", "zebra*", "topics");
    assertThat(evaluate("--task", "[").status()).isEqualTo(2);
    assertThat(evaluate("--domain", "zebra=x").err()).contains("names no task");
    assertThat(evaluate("--resamples", "3").err()).contains("--resamples must be from 100");
    assertThat(evaluate("--if-exists", "resume").err()).contains("does not resume");
    Files.createDirectories(folder.resolve("out"));
    Files.writeString(folder.resolve("out/diary.txt"), "mine");
    assertThat(evaluate().err()).contains("exists already");
    CommandRun foreign = evaluate("--if-exists", "overwrite");
    assertThat(foreign.status()).isEqualTo(1);
    assertThat(foreign.err()).contains("diary.txt");
    assertThat(folder.resolve("out/diary.txt")).hasContent("mine");
  }
}
