package io.instructorspark.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateScheduleTest {
  @ParameterizedTest
  @CsvSource({
    "LINEAR, 1, 0.1",
    "LINEAR, 10, 1",
    "LINEAR, 11, 1",
    "LINEAR, 56, 0.5",
    "LINEAR, 100, 0.0111111",
    "COSINE, 5, 0.5",
    "COSINE, 11, 1",
    "COSINE, 56, 0.5",
    "COSINE, 100, 0.0003046",
    "CONSTANT, 5, 0.5",
    "CONSTANT, 100, 1"
  })
  void risesForATenthAndFalls(RateSchedule schedule, long step, double factor) {
    assertThat(schedule.factor(step, 100, 0.1)).isCloseTo(factor, within(1e-6));
  }

  @ParameterizedTest
  @CsvSource({"LINEAR, 1, 1", "LINEAR, 10, 0.1", "CONSTANT, 1, 1"})
  void beginsAtOnceWithoutWarmingUp(RateSchedule schedule, long step, double factor) {
    assertThat(schedule.factor(step, 10, 0)).isCloseTo(factor, within(1e-9));
  }
}
