package io.instructorspark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.instructorspark.checkpoint.remote.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a checkpoint gives of its files to whoever copies them. */
class CheckpointFilesTest {
  private static Checkpoint open(String name) {
    return Checkpoint.open(name.startsWith("builtin:") ? name : Folders.fixture(name).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"builtin:instructor-mini", "tiny-xl", "tiny-sharded"})
  void areReadWholeFromTheFirstByteOn(String name) throws IOException {
    Checkpoint checkpoint = open(name);
    for (CheckpointFile file : checkpoint.files()) {
      try (InputStream in = checkpoint.openFile(file.path())) {
        assertThat(Sha256.of(in)).as(file.path()).isEqualTo(file.sha256());
        assertThat(in.read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void areReadByteByByteToo() throws IOException {
    byte[] expected = Files.readAllBytes(Folders.fixture("tiny-xl").resolve("modules.json"));
    try (InputStream in = open("tiny-xl").openFile("modules.json")) {
      for (byte b : expected) {
        assertThat(in.read()).isEqualTo(b & 0xff);
      }
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void areOnlyThoseOfTheCheckpoint() {
    Checkpoint checkpoint = open("tiny-xl");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> checkpoint.openFile("golden.jsonl"))
        .withMessageContaining("golden.jsonl")
        .withMessageContaining("modules.json");
  }

  @Test
  void lieInTheFolderThatWasGivenOrInNone() {
    Path fixture = Folders.fixture("tiny-xl");
    assertThat(open("tiny-xl").folder()).contains(fixture);
    assertThat(open("builtin:instructor-mini").folder()).isEmpty();
  }

  @Test
  void nameTheTensorsTheyHold() throws IOException {
    try (Weights weights = open("tiny-sharded").openWeights()) {
      assertThat(weights.names())
          .extracting(weights::file)
          .contains(
              "model-00001-of-00002.safetensors",
              "model-00002-of-00002.safetensors",
              "2_Dense/pytorch_model.bin");
    }
  }
}
