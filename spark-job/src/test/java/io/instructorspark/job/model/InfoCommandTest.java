package io.instructorspark.job.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.job.CommandRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code instructor model info}. */
class InfoCommandTest {
  @TempDir private Path folder;
  private Models models;

  @BeforeEach
  void place() {
    models = new Models(folder);
  }

  @Test
  void tellsWhatTheBuiltInModelIs() {
    CommandRun run = models.run("info", "builtin:instructor-mini");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("4 layers, d_model 256, 4 heads of 64, d_ff 1,024")
        .contains("256 to 256, no bias, activation identity")
        .contains("at most 512 tokens")
        .contains("parameters   7,342,464")
        .contains("encoder in safetensors, 1 file, BF16")
        .contains("fp32: 29.4 MB of weights")
        .contains("known as     builtin:instructor-mini")
        .contains(Checkpoint.open("builtin:instructor-mini").fingerprint());
  }

  @Test
  void countsShardsAndNamesTorchFiles() {
    CommandRun run = models.run("info", Models.fixture("tiny-sharded").toString());
    assertThat(run.out())
        .contains("encoder in safetensors, 2 files, F32")
        .contains("projection in torch, 1 file, F32")
        .contains("known as     fixture tiny-sharded");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void saysHowTheFingerprintIsRepeated() throws IOException {
    Path fixture = Models.fixture("tiny-xl");
    String command =
        models
            .run("info", fixture.toString())
            .out()
            .lines()
            .filter(line -> line.startsWith("repeat by"))
            .findFirst()
            .orElseThrow()
            .substring("repeat by".length());
    Process shell = new ProcessBuilder("sh", "-c", command).start();
    String sum = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(sum).startsWith(Checkpoint.open(fixture.toString()).fingerprint() + " ");
  }

  @Test
  void tellsProgramsTheSame() throws IOException {
    Path fixture = Models.fixture("tiny-fp16");
    CommandRun run = models.run("info", fixture.toString(), "--json");
    JsonNode told = new ObjectMapper().readTree(run.out());
    Checkpoint checkpoint = Checkpoint.open(fixture.toString());
    assertThat(told.get("fingerprint").asText()).isEqualTo(checkpoint.fingerprint());
    assertThat(told.get("encoder").get("dModel").asInt()).isEqualTo(32);
    assertThat(told.get("weights").get(0).get("types").get(0).asText()).isEqualTo("F16");
    assertThat(told.get("files")).hasSize(checkpoint.files().size());
    assertThat(told.get("memory").get("bf16").get("weights").asLong()).isPositive();
    assertThat(told.get("knownAs").asText()).isEqualTo("fixture tiny-fp16");
  }

  @Test
  void failsInOneParagraphWhereThereIsNoCheckpoint() {
    CommandRun run = models.run("info", folder.resolve("nowhere").toString());
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("there is no folder").contains("nowhere");
  }

  @Test
  void isMisusedWithoutALocation() {
    assertThat(models.run("info").status()).isEqualTo(2);
    CommandRun run = CommandRun.of("model");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("info, fetch or verify URI, or tokenizer?");
  }
}
