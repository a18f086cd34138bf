package io.instructorspark.job.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.engine.Device;
import io.instructorspark.engine.InstructorModel;
import io.instructorspark.engine.Precision;
import io.instructorspark.engine.training.TrainingState;
import io.instructorspark.job.CommandRun;
import io.instructorspark.job.Jvms;
import io.instructorspark.job.Main;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code instructor train} from the command line to the model that it writes. */
class TrainCommandIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String[] THINGS = {
    "boat", "lamp", "horse", "bridge", "letter", "garden", "clock", "river"
  };
  private static final String[] COLOURS = {"red", "blue", "green", "white"};
  private static final String SETTINGS =
      "{steps: 8, batchSize: 8, maxLength: 48, temperature: 0.05, learningRate: 1.0e-3, checkpointEvery: 3}";

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    List<String> pairs = new ArrayList<>();
    for (String thing : THINGS) {
      for (String colour : COLOURS) {
        pairs.add(
            "{\"query\": [\"Represent the sentence: \", \"There is a %s %s\"], \"pos\": [\"Represent the sentence: \", \"We saw that the %s is %s\"], \"neg\": null, \"task\": \"sights\"}"
                .formatted(colour, thing, thing, colour));
      }
    }
    file("pairs.jsonl", String.join("\n", pairs) + "\n");
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private Path recipe(String settings) throws IOException {
    return file("recipe.yaml", "data:\n  - files: [pairs.jsonl]\ntraining: " + settings + "\n");
  }

  private CommandRun train(Path recipe, String output, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "train",
                "--recipe",
                recipe.toString(),
                "--output",
                folder.resolve(output).toString(),
                "--threads",
                "1"));
    all.addAll(List.of(more));
    return CommandRun.of(all.toArray(String[]::new));
  }

  private List<String> curve(String output) throws IOException {
    return Files.readAllLines(folder.resolve(output).resolve("_training/curve.jsonl"));
  }

  @Test
  void fineTunesTheBuiltInModel() throws IOException {
    Path record = folder.resolve("record.json");
    CommandRun run = train(recipe(SETTINGS), "model", "--run-record", record.toString());
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("a model of 8 steps").contains("64 records");
    JsonNode told = JSON.readTree(record.toFile());
    assertThat(told.at("/counts/steps").asInt()).isEqualTo(8);
    assertThat(told.at("/loss_curve")).hasSize(8);
    assertThat(told.at("/loss_curve/7/loss").asDouble())
        .isLessThan(told.at("/loss_curve/0/loss").asDouble());
    Checkpoint written = Checkpoint.open(folder.resolve("model").toString());
    assertThat(written.fingerprint())
        .isEqualTo(told.at("/model/fingerprint").asText())
        .isNotEqualTo(Checkpoint.open("builtin:instructor-mini").fingerprint());
    try (InstructorModel model = InstructorModel.load(written, Device.CPU, Precision.FP32)) {
      assertThat(model.dimension()).isEqualTo(256);
    }
    assertThat(folder.resolve("model/_training/states")).doesNotExist();
    assertThat(folder.resolve("model/tokenizer_config.json")).exists();
  }

  @Test
  void goesOnWithTheSameCurve() throws IOException {
    Path recipe =
        recipe(
            "{steps: 4, batchSize: 8, maxLength: 48, learningRate: 1.0e-3, dropout: 0.1, seed: 4}");
    assertThat(train(recipe, "whole").status()).isZero();
    CommandRun part = train(recipe, "parts", "--stop-after", "0.000001");
    assertThat(part.status()).isZero();
    for (int run = 0; run < 4 && !part.out().contains("a model of 4 steps"); run++) {
      assertThat(part.out()).contains("go on with --if-exists resume");
      part = train(recipe, "parts", "--stop-after", "0.000001", "--if-exists", "resume");
    }
    assertThat(curve("parts")).hasSize(4).isEqualTo(curve("whole"));
    assertThat(folder.resolve("parts/model.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("whole/model.safetensors"));
  }

  @Test
  void savesTheStepUnderWayBeforeTheProcessEnds() throws Exception {
    Path log = folder.resolve("log");
    Path recipe =
        recipe("{steps: 100000, batchSize: 8, maxLength: 48, checkpointEvery: 1, seed: 4}");
    String[] arguments = {
      "train",
      "--recipe",
      recipe.toString(),
      "--output",
      folder.resolve("model").toString(),
      "--threads",
      "1"
    };
    Process process = Jvms.start(log, "1g", Main.class, arguments);
    Path states = folder.resolve("model/_training/states");
    long patience = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (TrainingState.newest(states).isEmpty() && System.nanoTime() < patience) {
      Thread.sleep(20);
    }
    process.destroy(); // SIGTERM
    assertThat(process.waitFor()).isEqualTo(143);
    assertThat(Files.readString(log)).doesNotContain("SIGSEGV");
    long saved = TrainingState.newest(states).orElseThrow().steps();
    assertThat(curve("model")).hasSize((int) saved);
    assertThat(Files.readString(log))
        .contains("ended from outside after step %,d, which is saved".formatted(saved));
    CommandRun more = train(recipe, "model", "--if-exists", "resume", "--stop-after", "0.000001");
    assertThat(more.status()).isZero();
    assertThat(curve("model")).hasSize((int) saved + 1);
  }

  @Test
  void trainsANewModelFromScratch() throws IOException {
    Path tokenizer = Files.createDirectories(folder.resolve("tokenizer"));
    try (InputStream in = Checkpoint.open("builtin:instructor-mini").openFile("tokenizer.json")) {
      Files.copy(in, tokenizer.resolve("tokenizer.json"));
    }
    file(
        "config.json",
        "{\"model_type\": \"t5\", \"vocab_size\": 16128, \"d_model\": 32, \"d_kv\": 8, \"d_ff\": 64, \"num_layers\": 1, \"num_heads\": 4}");
    Path recipe =
        file(
            "scratch.yaml",
            """
            model: {config: config.json, tokenizer: tokenizer, dimension: 24, wordVectors: cooccurrence}
            data:
              - files: [pairs.jsonl]
            evaluation: {files: [pairs.jsonl], every: 4}
            training: {steps: 8, batchSize: 8, maxLength: 48, temperature: 0.05, learningRate: 1.0e-3, precision: bf16}
            """);
    CommandRun run = train(recipe, "new", "--weights", "bf16");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("held out: loss").contains("of 32 queries");
    Checkpoint written = Checkpoint.open(folder.resolve("new").toString());
    assertThat(written.dense().outFeatures()).isEqualTo(24);
    assertThat(written.config().dModel()).isEqualTo(32);
    assertThat(curve("new")).filteredOn(line -> line.contains("held_out")).hasSize(2);
  }

  @Nested
  class Refuses {
    private void assertFails(CommandRun run, int status, String... words) {
      assertThat(run.err()).contains(words).doesNotContain("\tat ");
      assertThat(run.status()).isEqualTo(status);
    }

    @Test
    void aRecordWithoutAPositive() throws IOException {
      file("pairs.jsonl", "{\"query\": [\"Represent: \", \"a text\"], \"task\": \"x\"}\n");
      assertFails(train(recipe(SETTINGS), "model"), 1, "pairs.jsonl", "pos");
    }

    @Test
    void anEmptyFile() throws IOException {
      file("pairs.jsonl", "");
      assertFails(train(recipe(SETTINGS), "model"), 1, "pairs.jsonl");
    }

    @Test
    void oneClassOnly() throws IOException {
      file(
          "pairs.jsonl",
          "{\"text\": \"a boat\", \"label\": \"x\"}\n{\"text\": \"a lamp\", \"label\": \"x\"}\n");
      assertFails(train(recipe(SETTINGS), "model"), 1, "label");
    }

    @Test
    void anInstructionThatIsTooLong() throws IOException {
      Path recipe = recipe(SETTINGS.replace("maxLength: 48", "maxLength: 4"));
      assertFails(
          train(recipe, "model"), 1, "Represent the sentence", "fills the window", "task sights");
    }

    @Test
    void aLossThatIsNoNumberAndKeepsTheLastState() throws IOException {
      Path recipe =
          recipe(
              "{steps: 8, batchSize: 8, maxLength: 48, learningRate: 1.0e+30, checkpointEvery: 1, warmup: 0, schedule: constant}");
      assertFails(
          train(recipe, "model"),
          1,
          "step",
          "task sights",
          "lower the learning rates",
          "is kept in");
      try (Stream<Path> states = Files.list(folder.resolve("model/_training/states"))) {
        assertThat(states).isNotEmpty();
      }
    }

    @Test
    void anOutputThatIsThere() throws IOException {
      assertThat(train(recipe(SETTINGS), "model").status()).isZero();
      assertFails(train(recipe(SETTINGS), "model"), 1, "is there already", "--if-exists resume");
      assertThat(train(recipe(SETTINGS), "model", "--if-exists", "resume").out())
          .contains("a model of 8 steps");
      Files.createDirectories(folder.resolve("other"));
      file("other/notes.txt", "mine");
      assertFails(
          train(recipe(SETTINGS), "other", "--if-exists", "overwrite"), 1, "is not touched");
      assertThat(folder.resolve("other/notes.txt")).hasContent("mine");
    }

    @Test
    void toGoOnWithAnotherRecipe() throws IOException {
      assertThat(train(recipe(SETTINGS), "model", "--stop-after", "0.000001").status()).isZero();
      assertFails(
          train(recipe(SETTINGS.replace("0.05", "0.06")), "model", "--if-exists", "resume"),
          1,
          "another recipe");
    }

    @Test
    void anOutputThatCannotBeWritten() throws IOException {
      Path closed = Files.createDirectories(folder.resolve("closed"));
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
      if (!Files.isWritable(closed)) { // root writes anywhere
        assertFails(train(recipe(SETTINGS), "closed/model"), 1, "cannot be written");
      }
      assertFails(train(recipe(SETTINGS), "pairs.jsonl/model"), 1, "cannot be written");
    }

    @Test
    void whatARecipeDoesNotKnow() throws IOException {
      assertFails(train(recipe("{steps: 8, batchsize: 8}"), "model"), 1, "batchsize", "batchSize");
      assertFails(train(recipe(SETTINGS), "model", "--device", "cpu"), 2, "--device");
      assertFails(train(recipe(SETTINGS), "model", "--stop-after", "0"), 2, "--stop-after");
    }
  }
}
