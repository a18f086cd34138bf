package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.instructorspark.checkpoint.remote.CacheSettings;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointAccessTest {
  private static CacheSettings cache(String... settings) {
    SparkConf conf = new SparkConf(false);
    for (int i = 0; i < settings.length; i += 2) {
      conf.set(settings[i], settings[i + 1]);
    }
    return CheckpointAccess.of(conf).cacheSettings();
  }

  @Test
  void hasEachMachinesOwnCacheByDefault() {
    assertThat(cache()).isEqualTo(CacheSettings.DEFAULT);
    assertThat(cache("spark.instructor.cacheDirectory", " ")).isEqualTo(CacheSettings.DEFAULT);
    assertThat(CheckpointAccess.of((org.apache.spark.sql.SparkSession) null).store()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"2, 2147483648", "0.5, 536870912", "' 1 ', 1073741824", "1e-12, 1"})
  void hasTheCacheOfTheSettings(String gigabytes, long bytes) {
    assertThat(
            cache(
                "spark.instructor.cacheDirectory",
                "/local_disk0/models",
                "spark.instructor.cacheMaxGigabytes",
                gigabytes))
        .isEqualTo(new CacheSettings("/local_disk0/models", bytes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "NaN", "Infinity", "1e12", "50g", "", "fifty"})
  void refusesASizeThatIsNone(String gigabytes) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cache("spark.instructor.cacheMaxGigabytes", gigabytes))
        .withMessageContaining("spark.instructor.cacheMaxGigabytes")
        .withMessageContaining("'" + gigabytes + "'")
        .withMessageContaining("above 0");
  }
}
