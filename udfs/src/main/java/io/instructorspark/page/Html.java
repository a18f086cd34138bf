package io.instructorspark.page;

/**
 * Markup, written piece by piece. Every text and every attribute goes through {@link #escaped}, so
 * what is given as text is shown as text.
 */
final class Html {
  private final StringBuilder markup = new StringBuilder();

  /**
   * Begins an element.
   *
   * @param tag a name of ours, as all names here
   * @param attributes names and values by turns
   */
  Html open(String tag, String... attributes) {
    markup.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      markup.append(' ').append(attributes[i]).append("=\"");
      markup.append(escaped(attributes[i + 1])).append('"');
    }
    markup.append('>');
    return this;
  }

  /** Ends an element. */
  Html close(String tag) {
    markup.append("</").append(tag).append(">\n");
    return this;
  }

  /** A text as it is. */
  Html text(String text) {
    markup.append(escaped(text));
    return this;
  }

  /** A whole element with a text in it. */
  Html element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close(tag);
  }

  /** What is markup already: of this project, or checked by {@link Inlined}. */
  Html markup(String ready) {
    markup.append(ready);
    return this;
  }

  @Override
  public String toString() {
    return markup.toString();
  }

  /** A text as HTML shows it, between tags and in quotes; without characters that are none. */
  static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(Characters.shown(point));
              }
            });
    return escaped.toString();
  }
}
