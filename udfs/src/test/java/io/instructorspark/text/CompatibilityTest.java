package io.instructorspark.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CompatibilityTest {
  @Nested
  class Joining {
    @ParameterizedTest(name = "{0}: [{1}] + [{2}]")
    @CsvSource(
        quoteCharacter = '"',
        ignoreLeadingAndTrailingWhitespace = true,
        textBlock =
            """
            V1_0_1 | "X: "          | "a"         | "X: a"
            ST     | "X: "          | "a"         | "X: a"
            HEAD   | "X: "          | "a"         | "X:a"
            V1_0_1 | "X:"           | "a"         | "X:a"
            ST     | "X:"           | "a"         | "X:a"
            HEAD   | "X:"           | "a"         | "X:a"
            V1_0_1 | "X:"           | "  a b  "   | "X:a b"
            ST     | "X:"           | "  a b  "   | "X:  a b"
            HEAD   | "X:"           | "  a b  "   | "X:a b"
            V1_0_1 | "  X:   "      | " a "       | "X:   a"
            ST     | "  X:   "      | " a "       | "X:    a"
            HEAD   | "  X:   "      | " a "       | "X:a"
            V1_0_1 | "X:\u00A0"     | "\u00A0a\u3000" | "X:\u00A0a"
            ST     | "X:\u00A0"     | "\u00A0a\u3000" | "X:\u00A0\u00A0a"
            HEAD   | "X:\u00A0"     | "\u00A0a\u3000" | "X:a"
            V1_0_1 | ""             | " a "       | "a"
            ST     | ""             | " a "       | "a"
            HEAD   | ""             | " a "       | "a"
            V1_0_1 | "X: "          | ""          | "X:"
            ST     | "X: "          | ""          | "X:"
            HEAD   | "X: "          | ""          | "X:"
            V1_0_1 | "X: "          | " \t "      | "X:"
            ST     | "X: "          | " \t "      | "X:"
            HEAD   | "X: "          | " \t "      | "X:"
            V1_0_1 | ""             | ""          | ""
            ST     | ""             | ""          | ""
            HEAD   | ""             | ""          | ""
            V1_0_1 | "  "           | "a"         | "a"
            ST     | "  "           | "a"         | "a"
            HEAD   | "  "           | "a"         | "a"
            V1_0_1 | "X: "          | "\u200Ba"   | "X: \u200Ba"
            ST     | "X: "          | "\u200Ba"   | "X: \u200Ba"
            HEAD   | "X: "          | "\u200Ba"   | "X:\u200Ba"
            """,
        delimiter = '|')
    void stripsAsTheModeDoes(Compatibility mode, String instruction, String text, String joined) {
      assertThat(mode.join(instruction, text, false).joined()).isEqualTo(joined);
    }

    @ParameterizedTest
    @EnumSource
    void countsTheStrippedInstruction(Compatibility mode) {
      assertThat(mode.join(" X:\u00A0", "a", false).counted()).isEqualTo("X:");
    }

    @ParameterizedTest
    @EnumSource
    void countsNothingForABlankInstruction(Compatibility mode) {
      assertThat(mode.join(" \t", "a", false).counted()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void lowersBothWhereTheCheckpointDoes(Compatibility mode) {
      assertThat(mode.join("The Title:", "ÉTÉ ΟΔΟΣ", true))
          .isEqualTo(new JoinedText("the title:été οδος", "the title:"));
    }

    @ParameterizedTest
    @EnumSource
    void keepsCaseOtherwise(Compatibility mode) {
      assertThat(mode.join("The Title:", "ÉTÉ", false))
          .isEqualTo(new JoinedText("The Title:ÉTÉ", "The Title:"));
    }

    @ParameterizedTest
    @EnumSource
    void refusesANullText(Compatibility mode) {
      assertThatNullPointerException()
          .isThrownBy(() -> mode.join("X:", null, false))
          .withMessageContaining("text");
    }

    @ParameterizedTest
    @EnumSource
    void refusesANullInstruction(Compatibility mode) {
      assertThatNullPointerException()
          .isThrownBy(() -> mode.join(null, "a", false))
          .withMessageContaining("instruction");
    }
  }

  @Nested
  class CountingTheInstruction {
    @ParameterizedTest(name = "{0}: {1} tokens of [{2}] leave out {3}")
    @CsvSource({
      "V1_0_1,  1, '',      0",
      "ST,      1, '',      0",
      "HEAD,    1, '',      0",
      "V1_0_1,  2, title,   0",
      "ST,      2, title,   1",
      "HEAD,    2, title,   1",
      "V1_0_1,  3, title:,  2",
      "ST,      3, title:,  2",
      "HEAD,    3, title:,  2",
      "V1_0_1, 12, Represent the Science title:, 11",
      "ST,     12, Represent the Science title:, 11",
      "HEAD,   12, Represent the Science title:, 11",
      "V1_0_1,  1, \u2060,  0",
      "ST,      1, \u2060,  0",
      "HEAD,    1, \u2060,  0",
    })
    void leavesOutByMode(Compatibility mode, int tokens, String counted, int leftOut) {
      assertThat(mode.instructionTokens(tokens, counted)).isEqualTo(leftOut);
    }

    @ParameterizedTest
    @EnumSource
    void refusesACountWithoutItsEndToken(Compatibility mode) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> mode.instructionTokens(0, ""))
          .withMessageContaining("</s>");
    }
  }

  @Nested
  class Labels {
    @ParameterizedTest
    @CsvSource({"V1_0_1, v1_0_1", "ST, st", "HEAD, head"})
    void areWhatIsWritten(Compatibility mode, String label) {
      assertThat(mode.label()).isEqualTo(label);
    }

    @ParameterizedTest
    @EnumSource
    void findTheirMode(Compatibility mode) {
      assertThat(Compatibility.of(mode.label())).isEqualTo(mode);
    }

    @ParameterizedTest
    @CsvSource({"V1_0_1, V1_0_1", "St, ST", "HEAD, HEAD"})
    void findTheirModeInAnyCase(String label, Compatibility mode) {
      assertThat(Compatibility.of(label)).isEqualTo(mode);
    }

    @Test
    void thatAreUnknownAreRefusedWithTheThree() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Compatibility.of("v2"))
          .withMessageContaining("\"v2\"")
          .withMessageContaining("v1_0_1, st, head");
    }
  }
}
