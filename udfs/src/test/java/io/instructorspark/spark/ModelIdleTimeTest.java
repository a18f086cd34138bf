package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.instructorspark.engine.Models;
import java.time.Duration;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelIdleTimeTest {
  private static SparkConf conf(String seconds) {
    return new SparkConf(false).set("spark.instructor.modelIdleSeconds", seconds);
  }

  @Test
  void isTheEnginesChoiceWhereNothingIsSet() {
    assertThat(ModelIdleTime.of(new SparkConf(false))).isEmpty();
  }

  @Test
  void isInSeconds() {
    assertThat(ModelIdleTime.of(conf("90"))).hasValue(Duration.ofSeconds(90));
    assertThat(ModelIdleTime.of(conf(" 1 "))).hasValue(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"forever", " FOREVER"})
  void mayBeForever(String setting) {
    assertThat(ModelIdleTime.of(conf(setting))).hasValue(Models.FOREVER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "", "1.5", "10 minutes", "12345678901"})
  void saysWhatIsExpectedInPlaceOfAnythingElse(String setting) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModelIdleTime.of(conf(setting)))
        .withMessageContaining("spark.instructor.modelIdleSeconds is '%s'".formatted(setting))
        .withMessageContaining("whole seconds above 0, as 600, or forever");
  }
}
