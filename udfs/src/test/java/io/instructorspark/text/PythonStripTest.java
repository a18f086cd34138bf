package io.instructorspark.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PythonStripTest {
  /** {@code [c for c in range(0x110000) if chr(c).isspace()]} of Python 3. */
  private static final int[] PYTHON_SPACES = {
    0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x1F, 0x20, 0x85, 0xA0, 0x1680, 0x2000, 0x2001,
    0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200A, 0x2028, 0x2029, 0x202F,
    0x205F, 0x3000
  };

  static IntStream pythonSpaces() {
    return IntStream.of(PYTHON_SPACES);
  }

  @Nested
  class Removes {
    @ParameterizedTest(name = "U+{0}")
    @MethodSource("io.instructorspark.text.PythonStripTest#pythonSpaces")
    void eachOfPythonsSpacesAtBothEnds(int codePoint) {
      String space = Character.toString(codePoint);
      assertThat(PythonStrip.strip(space + space + "a" + space + "b" + space))
          .isEqualTo("a" + space + "b");
    }

    @Test
    void everythingOfABlankString() {
      assertThat(PythonStrip.strip(" \n\t\u00A0\u3000 ")).isEmpty();
    }
  }

  @Nested
  class Keeps {
    @ParameterizedTest(name = "U+{0}")
    @ValueSource(ints = {0x200B, 0xFEFF, 0x180E, 0x00, 0x08, 0x0E, 0x1B, 0x7F, 0x84, 0x86, 0x200C})
    void whatPythonDoesNotCallSpace(int codePoint) {
      String text = Character.toString(codePoint) + "a" + Character.toString(codePoint);
      assertThat(PythonStrip.strip(text)).isEqualTo(text);
    }

    @Test
    void everyOtherCodePointThereIs() {
      assertThat(
              IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                  .filter(c -> PythonStrip.strip(Character.toString(c)).isEmpty()))
          .containsExactly(IntStream.of(PYTHON_SPACES).boxed().toArray(Integer[]::new));
    }

    @ParameterizedTest
    @CsvSource({"a", "'a b'", "''", "🚀"})
    void theVeryStringWhereNothingIsStripped(String text) {
      assertThat(PythonStrip.strip(text)).isSameAs(text);
    }
  }
}
