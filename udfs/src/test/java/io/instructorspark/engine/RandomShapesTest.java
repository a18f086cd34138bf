package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.instructorspark.checkpoint.DenseActivation;
import io.instructorspark.engine.RandomCheckpoint.Sizes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Any T5 shape: the engine against an independent forward pass in double. */
class RandomShapesTest {
  private static final int[] LENGTHS = {1, 2, 3, 9, 17, 33, 64, 65, 140};

  @TempDir Path folder;

  static Stream<Arguments> shapes() {
    Sizes small = RandomCheckpoint.SMALL;
    return Stream.of(
            small,
            small.withPositions(8, 20),
            small.withPositions(16, 50),
            small.withPositions(64, 100),
            small.withPositions(4, 3),
            small.withPositions(32, 1000),
            small.withAttention(12, 3), // inner 36, wider than d_model
            small.withAttention(4, 1), // inner 4, narrower
            small.withDense(5, false, "Identity"),
            small.withDense(24, true, "Identity"),
            small.withDense(24, true, "Tanh"),
            small.withDense(1, true, "Tanh"))
        .flatMap(sizes -> Stream.of(Packing.values()).map(packing -> Arguments.of(sizes, packing)));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void giveTheVectorsOfAForwardPassInDouble(Sizes sizes, Packing packing) {
    RandomCheckpoint checkpoint = RandomCheckpoint.write(folder.resolve("model"), sizes, 7);
    ReferenceT5 reference = new ReferenceT5(checkpoint);
    TokenBatch batch = batch();
    try (T5Encoder encoder = Fixtures.encoder(checkpoint.open(), Precision.FP32, packing)) {
      float[][] vectors = encoder.encode(batch);
      for (int i = 0; i < batch.size(); i++) {
        float[] expected = reference.encode(batch.ids().get(i), batch.textStarts()[i]);
        assertThat(VectorMath.maxDifference(vectors[i], expected))
            .as("%d tokens, pooled from %d", batch.ids().get(i).length, batch.textStarts()[i])
            .isLessThan(1e-5);
        assertThat(VectorMath.norm(vectors[i])).isBetween(1 - 1e-5, 1 + 1e-5);
      }
    }
  }

  @Test
  void readsBiasAndActivationOfTheDenseLayerFromItsConfig() {
    RandomCheckpoint checkpoint =
        RandomCheckpoint.write(
            folder.resolve("model"), RandomCheckpoint.SMALL.withDense(24, true, "Tanh"), 7);
    assertThat(checkpoint.open().dense().bias()).isTrue();
    assertThat(checkpoint.open().dense().activation()).isEqualTo(DenseActivation.TANH);
  }

  /** Texts of all lengths, pooled from their start, middle and last token. */
  private static TokenBatch batch() {
    Random random = new Random(11);
    List<int[]> ids = new ArrayList<>();
    List<Integer> starts = new ArrayList<>();
    for (int length : LENGTHS) {
      for (int start : new int[] {0, length / 2, length - 1}) {
        int[] text = random.ints(length, 2, 2048).toArray();
        text[length - 1] = T5Tokenizer.EOS;
        ids.add(text);
        starts.add(start);
      }
    }
    return new TokenBatch(ids, starts.stream().mapToInt(Integer::intValue).toArray());
  }
}
