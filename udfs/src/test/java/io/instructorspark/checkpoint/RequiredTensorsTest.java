package io.instructorspark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequiredTensorsTest {
  private static final Map<String, List<Long>> REQUIRED = Map.of("a", List.of(2L, 3L));

  @ParameterizedTest
  @CsvSource({
    "12, 768, 64, 12, 3072, 109628544",
    "24, 1024, 64, 16, 4096, 334939648",
    "24, 1024, 128, 32, 16384, 1240909824"
  })
  void countTheParametersOfThePublishedEncoders(
      int layers, int dModel, int dKv, int heads, int dFf, long parameters) {
    T5Config config = new T5Config(32128, dModel, dKv, dFf, layers, heads, 32, 128, 1e-6);

    assertThat(
            RequiredTensors.encoder(config).values().stream()
                .mapToLong(shape -> Extent.of(shape).elements())
                .sum())
        .isEqualTo(parameters);
  }

  @Test
  void nameTheBiasOfADenseLayerThatHasOne() {
    assertThat(RequiredTensors.dense(new DenseConfig(5, 7, true, DenseActivation.TANH)))
        .isEqualTo(Map.of("linear.weight", List.of(7L, 5L), "linear.bias", List.of(7L)));
  }

  @Test
  void reportAMissingTensorWithTheShapeExpected() {
    assertThatThrownBy(() -> RequiredTensors.pick(REQUIRED, stored("b", Dtype.F32, 2L, 3L)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("x.safetensors", "no tensor a", "[2, 3]");
  }

  @Test
  void reportAWrongShapeWithTheOneExpected() {
    assertThatThrownBy(() -> RequiredTensors.pick(REQUIRED, stored("a", Dtype.F32, 3L, 2L)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("x.safetensors", "a has the shape [3, 2]", "expected [2, 3]");
  }

  @Test
  void reportATypeThatIsNotReadByName() {
    assertThatThrownBy(() -> RequiredTensors.pick(REQUIRED, stored("a", Dtype.F64, 2L, 3L)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("x.safetensors", "a is stored as F64");
  }

  @Test
  void takeTheEmbeddingUnderEitherName() {
    Map<String, List<Long>> required = Map.of("shared.weight", List.of(2L));
    StoredTensors stored = stored("encoder.embed_tokens.weight", Dtype.F16, 2L);

    assertThat(RequiredTensors.pick(required, stored)).containsKey("shared.weight");
  }

  private static StoredTensors stored(String name, Dtype dtype, Long... shape) {
    StoredTensor tensor =
        new StoredTensor(name, dtype, Extent.of(List.of(shape)), "x.safetensors", 0);
    return new StoredTensors("x.safetensors", Map.of(name, tensor));
  }
}
