package io.instructorspark.job.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What makes two texts the same. */
class OverlapTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "How far is Graz?",
        "how far is graz",
        " How  far, is — Graz! ",
        "HOW\tFAR\nIS (GRAZ)"
      })
  void isTheirWords(String text) {
    assertThat(Overlap.words(text)).isEqualTo("how far is graz");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yes", "of course!", "?!", "New-York"})
  void isNothingInAWordOrTwo(String text) {
    assertThat(Overlap.words(text)).isNull();
  }

  @Test
  void keepsLettersOfAllAlphabets() {
    assertThat(Overlap.words("Où est l'été?")).isEqualTo("où est l été");
    assertThat(Overlap.words(null)).isNull();
  }
}
