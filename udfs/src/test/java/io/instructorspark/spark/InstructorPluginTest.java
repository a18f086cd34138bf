package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.instructorspark.engine.Device;
import io.instructorspark.engine.ModelSpec;
import io.instructorspark.engine.Precision;
import io.instructorspark.text.Compatibility;
import org.junit.jupiter.api.Test;

class InstructorPluginTest {
  @Test
  void handsExecutorsTheSpecificationThatTheDriverPinned() {
    ModelSpec spec =
        new ModelSpec(
            "hf://org/name@abc", "f", Compatibility.ST, Device.gpu(1), Precision.BF16, 99);
    assertThat(InstructorPlugin.spec(InstructorPlugin.settings(spec))).isEqualTo(spec);
  }
}
