package io.instructorspark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "a name", "модель/模型 é ﷺ", "\uD83D\uDE00", "C:\\models"})
  void leavesWhatCanBePrinted(String text) {
    assertThat(Printable.name(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"001b", "000a", "0000", "007f", "0085", "202e", "200b", "2028", "d800", "dfff"})
  void escapesWhatMovesTheCursorOrIsNoCharacter(String hex) {
    String text = "a" + (char) Integer.parseInt(hex, 16) + "b";

    assertThat(Printable.message(text)).isEqualTo("a\\u" + hex + "b");
  }

  @Test
  void keepsBeginningAndEndOfALongMessage() {
    String message = Printable.message("file: " + "x".repeat(5_000_000) + " remedy");

    assertThat(message)
        .hasSize(1_000)
        .startsWith("file: xxx")
        .contains(" … ")
        .endsWith("xxx remedy");
  }

  @Test
  void boundsWhatItsEscapesAdd() {
    assertThat(Printable.message("\u0001".repeat(999))).hasSize(1_000);
    assertThat(Printable.name("\u0001".repeat(5_000))).hasSize(120);
  }
}
