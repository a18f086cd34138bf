package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.instructorspark.engine.RandomCheckpoint.Dense;
import io.instructorspark.engine.RandomCheckpoint.Positions;
import io.instructorspark.engine.RandomCheckpoint.Sizes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the engine does where the operating system refuses memory. */
@EnabledOnOs(OS.LINUX)
class MemoryLimitIT {
  /** 64 texts of 256 tokens, which the built-in model takes some 270 MB for. */
  private static final int LARGE = 16_384;

  private static final int SMALL = 512;
  private static final long KB_LEFT = 60_000;

  private static BoundedJvm small;

  @TempDir static Path folder;

  /** How much address space it takes to embed with small passes. */
  @BeforeAll
  static void embedWithSmallPasses() throws Exception {
    small =
        BoundedJvm.run(
            folder, BoundedJvm.UNLIMITED, "embed", "" + SMALL, folder.resolve("small").toString());
  }

  private static String limit(long kilobytesLeft) {
    return "" + (small.number("VmPeak") + kilobytesLeft);
  }

  @Test
  void batchesAreHalvedUntilTheyFitAndVectorsStayTheSame() throws Exception {
    Path unlimitedVectors = folder.resolve("unlimited");
    BoundedJvm unlimited =
        BoundedJvm.run(
            folder, BoundedJvm.UNLIMITED, "embed", "" + LARGE, unlimitedVectors.toString());
    assertThat(unlimited.number("batches")).isEqualTo(1);
    assertThat(unlimited.output()).doesNotContain("native memory ran out");

    Path limitedVectors = folder.resolve("limited");
    BoundedJvm limited =
        BoundedJvm.run(folder, limit(KB_LEFT), "embed", "" + LARGE, limitedVectors.toString());
    assertThat(limited.said()).doesNotContainKey("error");
    assertThat(limited.number("vectors")).isEqualTo(64);
    assertThat(limited.number("batches")).isGreaterThan(unlimited.number("batches"));
    assertThat(limited.output())
        .containsOnlyOnce("native memory ran out in a pass of 16384 tokens")
        .doesNotContain("OutOfMemoryError");
    assertThat(VectorMath.maxDifference(floats(limitedVectors), floats(unlimitedVectors)))
        .isLessThan(1e-6);
  }

  @Test
  void aModelThatDoesNotFitIsRefusedWithARemedy() throws Exception {
    Sizes sizes =
        new Sizes(2048, 64, 1, 8192, 1, new Positions(32, 128), new Dense(16, false, "Identity"));
    RandomCheckpoint large = RandomCheckpoint.write(folder.resolve("large"), sizes, 1);
    long bytes = ModelMemory.of(large.open(), Precision.FP32).loading();
    assertThat(bytes).isGreaterThan(2 * 1024 * KB_LEFT);

    BoundedJvm limited =
        BoundedJvm.run(folder, limit(KB_LEFT / 2), "load", large.folder().toString());
    assertThat(limited.said().get("refused"))
        .contains(large.folder().toString())
        .contains("takes %d MB of native memory".formatted(bytes >> 20))
        .contains("can't allocate memory")
        .contains("spark.executor.memoryOverhead");
    assertThat(limited.output()).doesNotContain("OutOfMemoryError");
  }

  private static float[] floats(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    float[] floats = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(floats);
    return floats;
  }
}
