package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.DenseActivation;
import io.instructorspark.checkpoint.DenseConfig;
import io.instructorspark.checkpoint.T5Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The memory of a model by its sizes. */
class ModelMemoryTest {
  /** The shape of instructor-base. */
  private static final T5Config BASE = new T5Config(32_128, 768, 64, 3_072, 12, 12, 32, 128, 1e-6);

  private static final DenseConfig DENSE =
      new DenseConfig(768, 768, false, DenseActivation.IDENTITY);

  /** 12 layers of four 768 × 768 and two 768 × 3,072. */
  private static final long MATRICES = 12 * (4 * 768L * 768 + 2 * 768L * 3_072);

  /** Embedding, 25 norms, projection, table of positions. */
  private static final long FLOATS = 32_128L * 768 + 25 * 768 + 768 * 768 + 32 * 12;

  private static final long BUFFERS = 12L << 20;

  @ParameterizedTest
  @ValueSource(strings = {"builtin:instructor-mini", "tiny-base", "tiny-xl", "tiny-sharded"})
  void holdsEachParameterInFourBytesInFp32(String name) {
    Checkpoint checkpoint = Fixtures.checkpoint(name);
    assertThat(ModelMemory.of(checkpoint, Precision.FP32).weights())
        .isEqualTo(4 * checkpoint.parameterCount());
  }

  @Test
  void halvesOnlyTheLayersMatricesInBf16() {
    ModelMemory memory = ModelMemory.of(BASE, DENSE, 512, Precision.BF16);
    assertThat(memory.weights()).isEqualTo(2 * MATRICES + 4 * FLOATS);
  }

  @Test
  void countsABias() {
    DenseConfig biased = new DenseConfig(768, 768, true, DenseActivation.TANH);
    assertThat(
            ModelMemory.of(BASE, biased, 512, Precision.FP32).weights()
                - ModelMemory.of(BASE, DENSE, 512, Precision.FP32).weights())
        .isEqualTo(4 * 768);
  }

  @Test
  void loadsWithOneMatrixTwiceAndTheBuffers() {
    ModelMemory memory = ModelMemory.of(BASE, DENSE, 512, Precision.FP32);
    assertThat(memory.loading()).isEqualTo(memory.weights() + 4 * 3_072 * 768 + BUFFERS);
  }

  @Test
  void keepsThePositionsOfAllLengths() {
    ModelMemory memory = ModelMemory.of(BASE, DENSE, 300, Precision.FP32);
    assertThat(memory.positions())
        .isEqualTo(4L * 12 * (64 * 64 + 128 * 128 + 256 * 256 + 512 * 512));
  }
}
