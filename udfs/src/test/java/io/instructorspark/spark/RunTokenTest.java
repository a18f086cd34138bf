package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunTokenTest {
  private final Locale before = Locale.getDefault();

  @AfterEach
  void restoreLocale() {
    Locale.setDefault(before);
  }

  @Test
  void isReadAsItIsWritten() {
    RunToken token = RunToken.of(17);
    assertThat(token.toString()).startsWith("000017-");
    assertThat(RunToken.in(token.toString())).contains(token);
  }

  @Test
  void hasTheSameDigitsInEveryLocale() {
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    assertThat(RunToken.sixDigits(4711)).isEqualTo("004711");
    assertThat(RunToken.in(RunToken.of(3).toString())).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "000001",
        "000000-0123456789abcdef",
        "000001-../../../../etc/p",
        "000001-0123456789ABCDEF",
        "0000001-0123456789abcde"
      })
  void isNotReadFromAnythingElse(String text) {
    assertThat(RunToken.in(text)).isEmpty();
  }

  @Test
  void hasANumberOfSixDigits() {
    assertThatIllegalArgumentException().isThrownBy(() -> RunToken.of(0));
    assertThatIllegalArgumentException().isThrownBy(() -> RunToken.of(1_000_000));
  }
}
