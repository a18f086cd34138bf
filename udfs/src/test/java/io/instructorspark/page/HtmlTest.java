package io.instructorspark.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HtmlTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "</script><img src=x onerror=alert(1)> | &lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;",
        "\"' onclick='x' | &quot;&#39; onclick=&#39;x&#39;",
        "&lt; | &amp;lt;",
        "🦊 שלום | 🦊 שלום",
      })
  void showsMarkupAsText(String text, String markup) {
    assertThat(Html.escaped(text)).isEqualTo(markup);
  }

  @Test
  void showsWhatIsNoCharacterAsTheSignForThat() {
    assertThat(Html.escaped("a\0b\ud800c\udc00")).isEqualTo("a\ufffdb\ufffdc\ufffd");
    assertThat(Html.escaped("bell\u0007 and \u0085 end")).isEqualTo("bell  and   end");
  }

  @Test
  void escapesAttributesToo() {
    Html html = new Html().element("p", "x", "title", "\"><script>");
    assertThat(html).hasToString("<p title=\"&quot;&gt;&lt;script&gt;\">x</p>\n");
  }
}
