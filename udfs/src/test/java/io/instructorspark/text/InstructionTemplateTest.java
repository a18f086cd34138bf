package io.instructorspark.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstructionTemplateTest {
  @Nested
  class TheSentence {
    @ParameterizedTest(name = "{3}")
    @CsvSource(
        nullValues = "null",
        textBlock =
            """
            Science, title,    retrieval,  'Represent the Science title for retrieval: '
            Science, title,    null,       'Represent the Science title: '
            Science, null,     retrieval,  'Represent the Science text for retrieval: '
            Science, null,     null,       'Represent the Science text: '
            null,    title,    retrieval,  'Represent the title for retrieval: '
            null,    title,    null,       'Represent the title: '
            null,    null,     retrieval,  'Represent the text for retrieval: '
            null,    null,     null,       'Represent the text: '
            """)
    void isWholeForEveryCombination(
        String domain, String textType, String objective, String sentence) {
      assertThat(InstructionTemplate.of(domain, textType, objective)).isEqualTo(sentence);
    }

    @ParameterizedTest
    @CsvSource({"''", "' '", "'\u00A0\t'"})
    void takesBlankPartsForAbsent(String blank) {
      assertThat(InstructionTemplate.of(blank, blank, blank)).isEqualTo("Represent the text: ");
    }

    @ParameterizedTest
    @CsvSource({
      "'  customer   support '",
      "'customer\tsupport'",
      "'\u00A0customer \u3000\n support'",
      "'customer support'"
    })
    void hasOneSpaceBetweenWords(String domain) {
      assertThat(InstructionTemplate.of(domain, "ticket", null))
          .isEqualTo("Represent the customer support ticket: ");
    }
  }
}
