package io.instructorspark.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InlinedTest {
  @Test
  void isKnownByItsDigest() {
    // printf 'alert(1)' | openssl dgst -sha256 -binary | base64
    assertThat(new Inlined("alert(1)").digest())
        .isEqualTo("'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a</SCRIPT>", "a<!--", "<script", "b</style ", "a\r\nb", "\0"})
  void holdsNothingThatWouldEndItOrChange(String source) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Inlined(source));
  }

  @ParameterizedTest
  @ValueSource(strings = {"page.css", "map.css", "map.js", Inlined.ECHARTS})
  void isOnTheClassPath(String resource) {
    assertThat(Inlined.of(resource).source()).hasSizeGreaterThan(1000);
  }

  @Test
  void saysWhatIsMissing() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Inlined.of("/no/such.js"))
        .withMessageContaining("/no/such.js is not on the class path");
  }
}
