package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.instructorspark.engine.Device;
import io.instructorspark.engine.ModelSpec;
import io.instructorspark.engine.Precision;
import io.instructorspark.text.Compatibility;
import java.util.Map;
import java.util.function.IntSupplier;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskDeviceTest {
  private static final IntSupplier NOT_ASKED =
      () -> {
        throw new AssertionError("libtorch need not be asked");
      };

  private static ModelSpec spec(String device) {
    return new ModelSpec("x", "f", Compatibility.V1_0_1, Device.of(device), Precision.FP32, 512);
  }

  private static Map<String, ResourceInformation> gpus(String... addresses) {
    return Map.of("gpu", new ResourceInformation("gpu", addresses));
  }

  @ParameterizedTest(name = "{0} with GPU {1} and {2} GPUs in libtorch is {3}")
  @CsvSource({
    "cuda, 1, 0, cuda:1",
    "cuda, 1, 2, cuda:1",
    "cuda, ' 3 ', 0, cuda:3",
    "auto, 1, 2, cuda:1",
    "auto, 1, 0, auto",
    "cuda:0, 1, 2, cuda:0",
    "cpu, 1, 2, cpu",
  })
  void isTheTasksGpuWhereOneIsMeant(String asked, String address, int seen, String expected) {
    assertThat(
            TaskDevice.all(spec(asked), gpus(address), () -> seen).findFirst().orElse(spec(asked)))
        .isEqualTo(spec(expected));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cuda", "auto", "cuda:0", "cpu"})
  void isNotSpokenForWhereSparkHandsOutNoGpus(String asked) {
    assertThat(TaskDevice.all(spec(asked), Map.of(), NOT_ASKED)).isEmpty();
    assertThat(TaskDevice.of(spec(asked))).isEqualTo(spec(asked)); // outside of a task
  }

  @Test
  void isEachOfAnExecutorsGpus() {
    assertThat(TaskDevice.ofExecutor(spec("cuda"), gpus("2", "3")))
        .containsExactly(spec("cuda:2"), spec("cuda:3"));
    assertThat(TaskDevice.ofExecutor(spec("cpu"), gpus("2", "3"))).containsExactly(spec("cpu"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GPU-8f6c", "-1", "", "99999"})
  void saysWhatIsWrongWithAnAddress(String address) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TaskDevice.all(spec("cuda"), gpus(address), NOT_ASKED).toList())
        .withMessageContaining("Spark gave this task the GPU '%s'".formatted(address))
        .withMessageContaining("spark.executor.resource.gpu.discoveryScript")
        .withMessageContaining("cuda:N");
  }
}
