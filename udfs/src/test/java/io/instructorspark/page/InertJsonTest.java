package io.instructorspark.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InertJsonTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "</script><img src=x onerror=alert(1)>",
        "<!-- <script>",
        "]]>",
        "it's \"quoted\" \\ & more",
        "line\u2028separators\u2029",
        "nul \0 bell \u0007 delete \u007f next \u0085",
        "override \u202e isolate \u2066 mark \u200f order \ufeff",
        "🦊 שלום 漢字",
      })
  void meansTheSameAndHoldsNothingThatHtmlCouldTake(String text) throws JsonProcessingException {
    String json = InertJson.of(List.of(text));
    assertThat(new ObjectMapper().readTree(json).get(0).asText()).isEqualTo(text);
    assertThat(json)
        .doesNotContain(
            "<", ">", "&", "'", "\u2028", "\u2029", "\u202e", "\u2066", "\u200f", "\ufeff")
        .doesNotContainPattern("\\p{Cntrl}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"high \ud83e.", "low \udd8a."})
  void writesHalfACharacterAsAnEscape(String text) {
    assertThat(InertJson.of(text)).containsPattern("\\\\u(d83e|dd8a)\\.");
  }
}
