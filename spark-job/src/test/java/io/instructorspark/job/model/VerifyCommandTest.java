package io.instructorspark.job.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.instructorspark.job.CommandRun;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code instructor model verify}. */
class VerifyCommandTest {
  @TempDir private Path folder;
  private Models models;

  @BeforeEach
  void place() {
    models = new Models(folder);
  }

  private CommandRun verify(Path checkpoint, String... more) {
    String[] arguments = new String[more.length + 2];
    arguments[0] = "verify";
    arguments[1] = checkpoint.toString();
    System.arraycopy(more, 0, arguments, 2, more.length);
    return models.run(arguments);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fp32", "bf16"})
  void findsNothingWrongWithTheBuiltInModel(String precision) {
    CommandRun run = models.run("verify", "builtin:instructor-mini", "--precision", precision);
    assertThat(run.out()).doesNotContain("FAILED").contains("5 vectors of the reference");
    assertThat(run.out().strip()).endsWith("OK: builtin:instructor-mini works on this machine");
    assertThat(run.status()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-base", "tiny-xl", "tiny-fp16", "tiny-sharded"})
  void tellsWorkingFromTrained(String fixture) {
    CommandRun run = verify(Models.fixture(fixture));
    assertThat(run.out())
        .containsPattern("ok +reference +fixture " + fixture)
        .containsPattern("FAILED +meaning")
        .contains("NOT TRAINED: ");
    assertThat(run.status()).isEqualTo(1);
  }

  @Test
  void saysWhereAWeightIsNoNumber() throws IOException {
    Path copy = models.copy(Models.fixture("tiny-base"));
    Path weights = copy.resolve("model.safetensors");
    try (RandomAccessFile file = new RandomAccessFile(weights.toFile(), "rw")) {
      file.seek(file.length() - 4);
      file.writeInt(0x0000c07f); // a NaN, the least byte first
    }
    CommandRun run = verify(copy);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out())
        .containsPattern(
            "FAILED +weights +\\S+/model.safetensors: the tensor \\S+ .* is NaN or infinite at ")
        .containsPattern("FAILED: \\d checks? of ");
  }

  /** As after a disk lost a bit: what is remembered of the file is not what it holds. */
  @Test
  void noticesBytesThatChangedBehindTheFileSystemsBack() throws IOException {
    Path copy = models.copy(Models.MINI);
    Path weights = copy.resolve("model.safetensors");
    Files.setLastModifiedTime(weights, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
    assertThat(models.run("info", copy.toString()).status()).isZero(); // remembers the SHA-256
    List<String> remembered = Models.files(folder.resolve("cache/digests"));
    assertThat(remembered).hasSize(1);
    Path record = folder.resolve("cache/digests").resolve(remembered.get(0));
    List<String> lines = new ArrayList<>(Files.readAllLines(record));
    lines.set(1, "0".repeat(64));
    Files.writeString(record, String.join("\n", lines));
    CommandRun run = verify(copy);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out())
        .containsPattern("FAILED +files +model.safetensors has other content")
        .contains("Delete " + weights.toRealPath());
  }

  @Test
  void namesWhatIsMissing() throws IOException {
    Path copy = models.copy(Models.fixture("tiny-base"));
    Files.delete(copy.resolve("2_Dense/model.safetensors"));
    CommandRun run = verify(copy);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out())
        .containsPattern("FAILED +layout +.*2_Dense")
        .contains("FAILED: 1 check; ");
  }

  @Test
  void refusesATokenizerOfAnotherModel() throws IOException {
    Path copy = models.copy(Models.fixture("tiny-base"));
    Files.delete(copy.resolve("tokenizer.json"));
    Files.copy(Models.MINI.resolve("tokenizer.json"), copy.resolve("tokenizer.json"));
    CommandRun run = verify(copy);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).containsPattern("FAILED +\\S+ +.*tokenizer.json");
  }

  @Test
  void saysOnlyWhatIsWrongIfItShallBeQuiet() {
    CommandRun run = models.run("verify", "builtin:instructor-mini", "--quiet");
    assertThat(run.out().lines()).hasSize(1);
  }

  @Test
  void takesPrecisionFromTheSettingsAsOtherCommandsDo() {
    CommandRun run =
        models.run(
            "verify", "builtin:instructor-mini", "--conf", "spark.instructor.precision=bf16");
    assertThat(run.out()).containsPattern("ok +loading +auto, bf16");
  }

  @Test
  void isMisusedWithAnUnknownPrecision() {
    CommandRun run = models.run("verify", "builtin:instructor-mini", "--precision", "fp16");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("fp16").contains("bf16");
  }
}
