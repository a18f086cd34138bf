package io.instructorspark.job.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteCountTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 bytes",
    "999, 999 bytes",
    "1000, 1.00 KB",
    "12294042, 12.3 MB",
    "999499, 999 KB",
    "999600, 1.00 MB",
    "1340000000, 1.34 GB",
    "9223372036854775807, 9.22 EB"
  })
  void hasThreeDigitsAndAUnit(long bytes, String text) {
    assertThat(ByteCount.text(bytes)).isEqualTo(text);
  }
}
