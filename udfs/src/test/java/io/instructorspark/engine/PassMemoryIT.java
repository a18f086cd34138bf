package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The estimate of a pass's memory beside what the process really grows by. */
@EnabledOnOs(OS.LINUX)
class PassMemoryIT {
  private static final double FACTOR = 2;

  @TempDir Path folder;

  @ParameterizedTest(name = "of {0} in {1}")
  @CsvSource({
    "builtin:instructor-mini, FP32",
    "tiny-base, BF16",
    "tiny-base, FP32",
    "tiny-xl, FP32"
  })
  void isNotLessThanItIsAndAtMostTwiceAsMuch(String model, Precision precision) throws Exception {
    PassMemory estimate = new PassMemory(Fixtures.checkpoint(model).config(), precision);
    String shapes = "8x512,32x256,64x128,1000x16";
    BoundedJvm measured =
        BoundedJvm.run(
            folder, BoundedJvm.UNLIMITED, "measure", model, precision.toString(), shapes);
    for (String shape : shapes.split(",")) {
      String[] sizes = shape.split("x");
      double estimated = estimate.bytes(Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]));
      assertThat(estimated / measured.number(shape))
          .as(
              "%s: estimated %.1f MB, measured %.1f MB",
              shape, estimated / 1e6, measured.number(shape) / 1e6)
          .isBetween(1.0, FACTOR);
    }
  }
}
