package io.instructorspark.job.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.instructorspark.job.CommandRun;
import io.instructorspark.spark.InstructionCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code instructor compare} from the command line to what it writes and prints. */
class CompareCommandIT {
  private static final String TOPIC = "Represent the sentence for classifying its topic: ";
  private static final String MOOD = "Represent the sentence for classifying its mood: ";
  private static final String[] MEALS = {
    "The %s soup was full of fresh herbs", "They serve a %s pizza in this street",
    "I ordered the fish and it tasted %s", "Dessert was a %s cake with cream",
  };
  private static final String[] TRAINS = {
    "The %s train to the coast leaves at nine", "Our carriage was %s this morning",
    "The night express was %s at every station", "A %s railway line opens to the airport",
  };
  private static final String[] WORDS = {"warm", "strange", "small", "lovely", "dull"};

  @TempDir Path folder;

  private Path file(String name, List<String> lines) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  /** 20 rows on meals and 20 on trains; one without a label, one without a text, one torn. */
  private Path sentences() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String word : WORDS) {
      for (int i = 0; i < MEALS.length; i++) {
        lines.add(json("meal", MEALS[i].formatted(word)));
        lines.add(json("train", TRAINS[i].formatted(word)));
      }
    }
    lines.add("{\"topic\": null, \"text\": \"Nobody knows what this is about\"}");
    lines.add("{\"topic\": \"meal\", \"text\": null}");
    lines.add("{\"topic\": \"meal\", \"text\": \"torn");
    return file("sentences.jsonl", lines);
  }

  private static String json(String topic, String text) {
    return "{\"topic\": \"%s\", \"text\": \"%s\"}".formatted(topic, text);
  }

  private static CommandRun compare(String... more) {
    List<String> arguments = new ArrayList<>(List.of("compare"));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  private JsonNode record(String name) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(name).toFile());
  }

  @Test
  void scoresInstructionsAgainstEachOtherAndTheControls() throws IOException {
    CommandRun run =
        compare(
            "--input",
            sentences().toString(),
            "--label-column",
            "topic",
            "--instruction",
            TOPIC,
            "--instruction",
            MOOD,
            "--folds",
            "4",
            "--output",
            path("deep/page.html"),
            "--scores",
            path("scores.jsonl"),
            "--run-record",
            path("record.json"));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains(
            "4 instructions, controls included, compared by how well they tell apart the 2 labels of column 'topic', on 40 rows")
        .contains("(no instruction)")
        .contains("(wrong on purpose)")
        .contains("By agreement, ")
        .contains("By accuracy, ")
        .contains("against no instruction: ")
        .contains("Left out: 2 rows without a label, and 1 without a text that can be read");
    JsonNode said = record("record.json");
    assertThat(said.at("/counts/rows").asLong()).isEqualTo(43);
    assertThat(said.at("/counts/taken").asLong()).isEqualTo(40);
    assertThat(said.at("/scores/all/agreement_by_chance").asDouble()).isEqualTo(19.0 / 39);
    JsonNode candidates = said.at("/scores/all/candidates");
    assertThat(candidates).hasSize(4);
    double before = 1;
    for (JsonNode candidate : candidates) {
      double agreement = candidate.at("/agreement").asDouble();
      assertThat(agreement).isBetween(0.6, before);
      assertThat(agreement)
          .isBetween(
              candidate.at("/agreement_low").asDouble(),
              candidate.at("/agreement_high").asDouble());
      assertThat(candidate.at("/accuracy").asDouble()).isBetween(0.6, 1.0);
      assertThat(candidate.has("agreement_minus_baseline"))
          .isEqualTo(!candidate.at("/kind").asText().equals("none"));
      before = agreement;
    }
    List<String> lines = Files.readAllLines(folder.resolve("scores.jsonl"));
    assertThat(lines).hasSize(4);
    JsonNode first = new ObjectMapper().readTree(lines.get(0));
    assertThat(first.at("/part").asText()).isEqualTo("all");
    assertThat(first.at("/rank").asInt()).isEqualTo(1);
    assertThat(first.at("/agreement")).isEqualTo(candidates.get(0).at("/agreement"));
    assertThat(Files.readString(folder.resolve("deep/page.html")))
        .contains("What the figures say", TOPIC.strip(), "control")
        .contains("id=\"map\"", "(no instruction)", "coloured by")
        .contains(said.at("/verdicts/0").asText().substring(0, 12));
  }

  /** Vectors of which one column follows the label and the other is noise. */
  private Path vectors() throws IOException {
    Random random = new Random(2);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      double side = i % 2 == 0 ? 2 : -2;
      lines.add(
          String.format(
              Locale.ROOT,
              "{\"kind\": %d, \"bad\": [%.3f, %.3f], \"good\": [%.3f, 1.0]}",
              i % 2,
              random.nextGaussian(),
              random.nextGaussian(),
              side + random.nextGaussian()));
    }
    lines.add("{\"kind\": 1, \"bad\": [1.0, 0.0], \"good\": [0.0, 0.0]}");
    return file("vectors.jsonl", lines);
  }

  @Test
  void takesColumnsOfVectorsAndSaysWhatIsMoreThanNoise() throws IOException {
    String input = vectors().toString();
    CommandRun run =
        compare(
            "--input",
            input,
            "--label-column",
            "kind",
            "--embedding-column",
            "bad",
            "--embedding-column",
            "GOOD",
            "--output",
            path("page.html"),
            "--run-record",
            path("record.json"));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains(
            "2 columns of vectors compared by how well they tell apart the 2 labels of column 'kind', on 60 rows")
        .contains("Column 'good' against column 'bad': agreement is higher")
        .contains("is more than noise")
        .contains("1 without a vector in every column");
    JsonNode best = record("record.json").at("/scores/all/candidates/0");
    assertThat(best.at("/name").asText()).isEqualTo("good");
    assertThat(best.at("/agreement").asDouble()).isGreaterThan(0.9);
    CommandRun again =
        compare(
            "--input",
            input,
            "--label-column",
            "kind",
            "--embedding-column",
            "bad",
            "--embedding-column",
            "good",
            "--folds",
            "0",
            "--sample",
            "40",
            "--output",
            path("page.html"),
            "--run-record",
            path("record.json"),
            "--quiet");
    assertThat(again.status()).as(again.err()).isZero();
    assertThat(again.out()).isEmpty();
    JsonNode sampled = record("record.json");
    assertThat(sampled.at("/counts/usable").asLong()).isEqualTo(60);
    assertThat(sampled.at("/counts/taken").asLong()).isBetween(20L, 59L);
    assertThat(sampled.at("/scores/all/candidates/0").has("accuracy")).isFalse();
    assertThat(Files.readString(folder.resolve("page.html"))).contains("Scored is a sample");
  }

  @Test
  void suggestsWhatIsBestAndScoresItOnRowsThatWereHeldOut() throws IOException {
    Path names =
        file(
            "names.yaml",
            List.of("by-subject:", "  objective: finding its subject", "  use: for this test"));
    System.setProperty(InstructionCatalog.PROPERTY, names.toString());
    try {
      suggest();
    } finally {
      System.clearProperty(InstructionCatalog.PROPERTY);
    }
  }

  private void suggest() throws IOException {
    CommandRun run =
        compare(
            "--input",
            sentences().toString(),
            "--label-column",
            "topic",
            "--suggest",
            "--objective",
            "classifying its topic",
            "--instruction",
            MOOD,
            "--folds",
            "0",
            "--resamples",
            "200",
            "--output",
            path("page.html"),
            "--scores",
            path("scores.jsonl"));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("@by-subject  Represent the text for finding its subject:")
        .contains("Represent the text for classifying its topic:", "Represent the text:")
        .contains("These scores flatter whatever is first")
        .contains("was chosen. On 20 rows that were held out:");
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("scores.jsonl"))) {
      lines.add(new ObjectMapper().readTree(line));
    }
    assertThat(lines)
        .filteredOn(line -> line.at("/part").asText().equals("choosing"))
        .hasSize(6) // one given, one named, two of the template, two controls
        .allSatisfy(line -> assertThat(line.at("/rows").asLong()).isEqualTo(20));
    assertThat(lines).filteredOn(line -> line.at("/part").asText().equals("held_out")).hasSize(3);
    assertThat(Files.readString(folder.resolve("page.html")))
        .contains("On the rows that were held out", "On the rows that were chosen on");
  }

  @Test
  void candidatesThatAllTellEverythingApartAreShown() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      int side = i % 2 == 0 ? 1 : -1;
      lines.add(
          "{\"topic\": \"%s\", \"one\": [%d.0, %d.5], \"two\": [%d.0, %d.25]}"
              .formatted(side > 0 ? "up" : "down", 90 * side, i % 5, 80 * side, i % 7));
    }
    Path input = Files.write(folder.resolve("perfect.jsonl"), lines);
    CommandRun run =
        CommandRun.of(
            "compare",
            "--input",
            input.toString(),
            "--label-column",
            "topic",
            "--embedding-column",
            "one",
            "--embedding-column",
            "two",
            "--folds",
            "0",
            "--resamples",
            "100",
            "--output",
            path("page.html"));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("1.000 [1.000, 1.000]");
  }

  @Test
  void wrongUsageSaysWhatIsWrong() {
    String[] common = {"--input", "in.csv", "--label-column", "topic", "--output", path("o.html")};
    assertThat(misuse(common, "--instruction", TOPIC)).contains("--instruction twice at least");
    assertThat(misuse(common, "--instruction", TOPIC, "--instruction", TOPIC))
        .contains("is given twice");
    assertThat(
            misuse(
                common,
                "--instruction",
                "@classify-topic",
                "--instruction",
                "Represent the text for classifying its topic: "))
        .contains("are the same instruction");
    assertThat(misuse(common, "--instruction", "@classify-topik", "--instruction", TOPIC))
        .contains("Did you mean classify-topic");
    assertThat(misuse(common, "--instruction", TOPIC, "--embedding-column", "v"))
        .contains("leave one or the other out");
    assertThat(misuse(common, "--embedding-column", "v")).contains("nothing to be compared with");
    assertThat(misuse(common, "--instruction", TOPIC, "--instruction", "", "--domain", "x"))
        .contains("are for --suggest");
    assertThat(misuse(common, "--suggest", "--wrong-instruction", ""))
        .contains("--wrong-instruction is empty");
    assertThat(
            misuse(
                common, "--instruction", TOPIC, "--instruction", MOOD, "--wrong-instruction", MOOD))
        .contains("is one of those that are compared");
    assertThat(misuse(common, "--suggest", "--folds", "1")).contains("--folds must be from 2");
    assertThat(misuse(common, "--suggest", "--resamples", "5"))
        .contains("--resamples must be from 100");
    assertThat(misuse(common, "--suggest", "--sample", "0")).contains("--sample must be at least");
    assertThat(misuse(common, "--suggest", "--scores", path("o.html")))
        .contains("would be written over each other");
  }

  private static String misuse(String[] common, String... more) {
    List<String> arguments = new ArrayList<>(List.of(common));
    arguments.addAll(List.of(more));
    CommandRun run = compare(arguments.toArray(String[]::new));
    assertThat(run.status()).as(run.err()).isEqualTo(2);
    return run.err();
  }

  @Test
  void whatCannotBeComparedIsRefusedBeforeAnyTextIsEmbedded() throws IOException {
    String input = sentences().toString();
    assertThat(failure(input, "nowhere")).contains("no column 'nowhere'", "topic");
    assertThat(failure(input, "text"))
        .contains("cannot be both the label and what it is told from");
    String one = file("one.csv", List.of("text,topic", "Good soup,meal", "Salt,meal")).toString();
    assertThat(failure(one, "topic")).contains("all 2 rows that can be used have the label 'meal'");
    String few = file("few.csv", List.of("text,topic", "Soup,meal", "Late,train")).toString();
    assertThat(failure(few, "topic"))
        .contains("cross-validation on 5 folds needs two labels", "fewer --folds");
    String empty = file("empty.csv", List.of("text,topic")).toString();
    assertThat(failure(empty, "topic")).contains("holds no rows");
    Path mine = Files.writeString(folder.resolve("out.html"), "mine");
    assertThat(failure(input, "topic")).contains("is no page of a comparison");
    assertThat(mine).hasContent("mine");
    Files.delete(mine);
    Path scores = Files.writeString(folder.resolve("scores.jsonl"), "{\"mine\": 1}\n");
    assertThat(failure(input, "topic", "--scores", scores.toString()))
        .contains("holds no scores of compare");
    assertThat(mine).doesNotExist();
  }

  private String failure(String input, String label, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--input", input,
                "--label-column", label,
                "--instruction", TOPIC,
                "--instruction", MOOD,
                "--output", path("out.html")));
    arguments.addAll(List.of(more));
    CommandRun run = compare(arguments.toArray(String[]::new));
    assertThat(run.status()).as(run.err()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    return run.err();
  }
}
