package io.instructorspark.job.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.instructorspark.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vectors that are known belong to the checkpoints as they are. */
class KnownModelTest {
  private static final Path KNOWN =
      Path.of("src/main/resources/io/instructorspark/job/model/known");

  private static String location(String name) {
    return name.startsWith("fixture ")
        ? Models.fixture(name.substring("fixture ".length())).toString()
        : name;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "builtin:instructor-mini",
        "fixture tiny-base",
        "fixture tiny-xl",
        "fixture tiny-fp16",
        "fixture tiny-sharded"
      })
  void isFoundByTheFingerprintOfItsCheckpoint(String name) {
    Checkpoint checkpoint = Checkpoint.open(location(name));
    KnownModel known = KnownModel.of(checkpoint.fingerprint()).orElseThrow();
    assertThat(known.name()).isEqualTo(name);
    assertThat(known.goldens())
        .hasSizeBetween(3, 6)
        .allMatch(golden -> golden.vector().length == checkpoint.dense().outFeatures());
  }

  @Test
  void noFileIsLeftOfACheckpointThatIsNoMore() throws IOException {
    assertThat(Models.files(KNOWN))
        .isNotEmpty()
        .allSatisfy(
            file -> {
              String fingerprint = file.replace(".jsonl", "");
              String name = KnownModel.of(fingerprint).orElseThrow().name();
              assertThat(Checkpoint.open(location(name)).fingerprint()).isEqualTo(fingerprint);
            });
  }

  @Test
  void isEmptyForAnyOther() {
    assertThat(KnownModel.of("0".repeat(64))).isEmpty();
  }
}
