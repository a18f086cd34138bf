package io.instructorspark.job.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.instructorspark.engine.Precision;
import io.instructorspark.engine.training.Negatives;
import io.instructorspark.engine.training.RateSchedule;
import io.instructorspark.job.yaml.YamlException;
import io.instructorspark.spark.InstructionCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A recipe is read whole, or refused with file and key. */
class RecipeTest {
  private static final String LEAST = "data: [{files: [a.jsonl]}]\ntraining: {steps: 10}\n";

  @TempDir private Path folder;

  private Recipe read(String content) throws IOException {
    return Recipe.read(Files.writeString(folder.resolve("recipe.yaml"), content));
  }

  private void refuses(String content, String... words) throws IOException {
    Path file = Files.writeString(folder.resolve("recipe.yaml"), content);
    assertThatThrownBy(() -> Recipe.read(file))
        .isInstanceOf(YamlException.class)
        .hasMessageContaining("recipe.yaml")
        .hasMessageContainingAll(words);
  }

  @Test
  void hasTheDefaultsOfThePaper() throws IOException {
    Recipe recipe = read(LEAST);
    RecipeSettings training = recipe.training();
    assertThat(recipe.model()).isEqualTo(new FineTuned("builtin:instructor-mini"));
    assertThat(training.temperature()).isEqualTo(0.01);
    assertThat(training.dropout()).isEqualTo(0.1);
    assertThat(training.optimizer().rate()).isEqualTo(2e-5);
    assertThat(training.optimizer().embeddingRate()).isEqualTo(2e-5);
    assertThat(training.optimizer().warmup()).isEqualTo(0.1);
    assertThat(training.optimizer().schedule()).isEqualTo(RateSchedule.LINEAR);
    assertThat(training.optimizer().clip()).isEqualTo(1);
    assertThat(training.batches().sampling()).isEqualTo(Sampling.SQRT);
    assertThat(training.batches().microBatch()).isEqualTo(training.batches().batchSize());
    assertThat(recipe.data().get(0).share()).isEqualTo(TaskShare.WHOLE);
    assertThat(recipe.data().get(0).instructions()).isEqualTo(Instructions.OF_RECORDS);
    assertThat(recipe.evaluation()).isEmpty();
    assertThat(recipe.exclude()).isEmpty();
  }

  @Test
  void findsACheckpointBesideItself() throws IOException {
    Path stage = Files.createDirectory(folder.resolve("first-stage"));
    assertThat(read(LEAST + "model: {from: first-stage}\n").model())
        .isEqualTo(new FineTuned(stage.toString()));
    for (String location : List.of("not-there", "hf://org/name", stage.toString())) {
      assertThat(read(LEAST + "model: {from: '%s'}\n".formatted(location)).model())
          .isEqualTo(new FineTuned(location));
    }
  }

  @Test
  void saysAllThatCanBeSaid() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{}");
    Files.createDirectory(folder.resolve("words"));
    Files.writeString(folder.resolve("words/tokenizer.json"), "{}");
    Recipe recipe =
        read(
            """
            model:
              config: config.json
              tokenizer: words
              dimension: 128
              wordVectors: random
            data:
              - files: ["mv_*.jsonl.gz", pairs]
                format: medi
                instruction: "Represent the note: "
                positiveInstruction: ""
                negativeInstruction: "Represent the other note: "
                paraphrases: {"Represent the note: ": ["Encode the note: "]}
                weight: 0.33
                negatives: own
                from: 0
                limit: 60000
              - format: labels
                from: 0.4
            evaluation: {files: [held.csv], every: 250, format: pairs, limit: 400}
            exclude: [eval/*.jsonl.gz]
            training:
              steps: 4000
              batchSize: 96
              microBatch: 24
              maxLength: 48
              temperature: 5e-2
              learningRate: 1.5e-4
              embeddingLearningRate: 9e-3
              warmup: 0.05
              schedule: cosine
              weightDecay: 0.01
              clip: 2
              betas: [0.9, 0.98]
              dropout: 0
              instructionDropout: 0.1
              seed: 77
              precision: bf16
              sampling: proportional
              checkpointEvery: 500
            """);
    assertThat(recipe.model())
        .isEqualTo(
            new Scratch(
                folder.resolve("config.json"), folder.resolve("words"), 128, WordVectors.RANDOM));
    DataSource first = recipe.data().get(0);
    assertThat(first.files()).containsExactly("mv_*.jsonl.gz", "pairs");
    assertThat(first.format()).contains(RecordFormat.MEDI);
    assertThat(first.instructions().positive()).contains("");
    assertThat(first.paraphrases())
        .containsEntry("Represent the note: ", List.of("Encode the note: "));
    assertThat(first.share()).isEqualTo(new TaskShare(0.33, 0, 60_000));
    assertThat(first.negatives()).isEqualTo(Negatives.OWN);
    assertThat(recipe.data().get(1).files()).isEmpty();
    assertThat(recipe.data().get(1).share().from()).isEqualTo(0.4);
    HeldOut held = recipe.evaluation().orElseThrow();
    assertThat(held.every()).isEqualTo(250);
    assertThat(held.data().share().limit()).isEqualTo(400);
    assertThat(recipe.exclude()).containsExactly("eval/*.jsonl.gz");
    assertThat(recipe.training())
        .isEqualTo(
            new RecipeSettings(
                new RecipeSettings.Batches(4_000, 96, 24, 48, Sampling.PROPORTIONAL, 77),
                new RecipeSettings.Optimizer(
                    1.5e-4, 9e-3, 0.05, RateSchedule.COSINE, 0.01, 2, 0.9, 0.98),
                0.05,
                0,
                0.1,
                Precision.BF16,
                500));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "steps: 0 | training.steps",
        "steps: 20000000 | training.steps",
        "batchSize: 1 | training.batchSize",
        "microBatch: 33 | training.microBatch",
        "maxLength: 1 | training.maxLength",
        "temperature: 0 | training.temperature",
        "learningRate: -1 | training.learningRate",
        "learningRate: fast | training.learningRate",
        "warmup: 1.1 | training.warmup",
        "schedule: steps | training.schedule",
        "clip: 0 | training.clip",
        "betas: [0.9] | training.betas",
        "betas: [0.9, 1] | training.betas",
        "dropout: 1 | training.dropout",
        "instructionDropout: 2 | training.instructionDropout",
        "precision: fp16 | training.precision",
        "sampling: root | training.sampling",
        "checkpointEvery: 0 | training.checkpointEvery",
        "seed: 1.5 | training.seed",
        "batchsize: 8 | training.batchsize",
      })
  void namesTheSettingThatIsWrong(String line, String key) throws IOException {
    String steps = line.startsWith("steps") ? "" : "steps: 10, ";
    refuses("data: [{files: [a]}]\ntraining: {" + steps + line + "}\n", "'" + key + "'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{files: []} | data[0].files",
        "{files: [' ']} | data[0].files",
        "{format: xml} | data[0].format",
        "{weight: 0} | data[0].weight",
        "{negatives: none} | data[0].negatives",
        "{from: 1} | data[0].from",
        "{from: 0.2} | 'data'",
        "{limit: 0} | data[0].limit",
        "{file: [a]} | data[0].file",
        "{paraphrases: {a: []}} | data[0].paraphrases",
        "{paraphrases: none.json} | data[0].paraphrases",
      })
  void namesTheDataThatIsWrong(String entry, String key) throws IOException {
    refuses("data: [%s]\ntraining: {steps: 10}\n".formatted(entry), key);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model: {} | model.config",
        "model: {from: ''} | model.from",
        "model: {from: a, dimension: 8} | model.dimension",
        "model: {config: none.json} | model.config",
        "evaluation: {every: 5} | evaluation.files",
        "evaluation: {files: [a], every: 0} | evaluation.every",
        "evaluation: {files: [a], weight: 2} | evaluation.weight",
        "exclude: [] | exclude",
        "optimizer: {} | optimizer",
      })
  void namesTheSectionThatIsWrong(String section, String key) throws IOException {
    refuses(LEAST + section + "\n", key);
  }

  @Test
  void needsDataAndSteps() throws IOException {
    refuses("training: {steps: 1}\n", "'data'", "missing");
    refuses("data: []\ntraining: {steps: 1}\n", "'data'", "empty");
    refuses("data: [{files: [a]}]\n", "'training'", "missing");
    refuses("data: [{files: [a]}]\ntraining: {seed: 1}\n", "'training.steps'", "missing");
  }

  @Test
  void takesParaphrasesFromAFile() throws IOException {
    Files.writeString(folder.resolve("words.json"), "{\"A: \": [\"B: \", \"C: \"]}");
    Files.writeString(folder.resolve("words.yaml"), "\"A: \": [\"B: \", \"C: \"]\n");
    for (String file : List.of("words.json", "words.yaml")) {
      Recipe recipe = read("data: [{paraphrases: %s}]\ntraining: {steps: 10}\n".formatted(file));
      assertThat(recipe.data().get(0).paraphrases()).containsEntry("A: ", List.of("B: ", "C: "));
    }
    Files.writeString(folder.resolve("words.json"), "{\"A: \": \"B: \"}");
    refuses(
        "data: [{paraphrases: words.json}]\ntraining: {steps: 10}\n",
        "data[0].paraphrases",
        "words.json");
  }

  @Test
  void takesNamedInstructions() throws IOException {
    String data =
        "data: [{files: [a.jsonl], format: pairs, instruction: '@retrieval-query', positiveInstruction: 'Represent the page: '}]\ntraining: {steps: 10}\n";
    Instructions instructions = read(data).data().get(0).instructions();
    assertThat(instructions.query())
        .contains(InstructionCatalog.builtIn().get("retrieval-query").instruction());
    assertThat(instructions.positive()).contains("Represent the page: ");
    refuses(
        data.replace("retrieval-query", "no-such-name"), "instruction", "No instruction is named");
  }
}
