package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PositionBiasTest {
  private static final List<Integer> LENGTHS =
      Stream.of(1, 2, 31, 63, 64, 65, 100, 127, 128, 129, 255, 256, 257, 400, 511, 512, 513, 600)
          .toList();

  private static final Map<Integer, float[]> ALONE = new ConcurrentHashMap<>();

  @Test
  void servesTextsOfAnyLengthInAnyOrder() {
    List<Integer> order = new ArrayList<>(LENGTHS);
    for (int round = 0; round < 3; round++) {
      Collections.shuffle(order, new Random(round));
      try (T5Encoder encoder = encoder()) { // grows as this order makes it grow
        for (int length : order) {
          assertThat(VectorMath.maxDifference(encode(encoder, length), alone(length)))
              .as("%d tokens, in the order %s", length, order)
              .isLessThanOrEqualTo(1e-6);
        }
      }
    }
  }

  @Test
  void growsUnderThreadsThatAskForDifferentLengths() {
    try (T5Encoder encoder = encoder()) {
      List<Integer> many =
          IntStream.range(0, 3).boxed().flatMap(i -> LENGTHS.stream()).collect(Collectors.toList());
      Collections.shuffle(many, new Random(4));
      List<float[]> vectors = many.parallelStream().map(length -> encode(encoder, length)).toList();
      for (int i = 0; i < vectors.size(); i++) {
        assertThat(VectorMath.maxDifference(vectors.get(i), alone(many.get(i))))
            .as("%d tokens", many.get(i))
            .isLessThanOrEqualTo(1e-6);
      }
    }
  }

  /** By a model that has seen no other length. */
  private static float[] alone(int length) {
    return ALONE.computeIfAbsent(
        length,
        l -> {
          try (T5Encoder encoder = encoder()) {
            return encode(encoder, l);
          }
        });
  }

  private static T5Encoder encoder() {
    return T5Encoder.load(Fixtures.checkpoint("tiny-base"), Device.CPU, Precision.FP32);
  }

  private static float[] encode(T5Encoder encoder, int length) {
    int[] ids = new Random(length).ints(length, 2, 2048).toArray();
    ids[length - 1] = T5Tokenizer.EOS;
    return encoder.encode(new TokenBatch(List.of(ids), new int[] {0}))[0];
  }
}
