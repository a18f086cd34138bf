package io.instructorspark.text;

/**
 * Python's {@code str.strip()}, which the reference calls before it tokenises. {@link
 * String#strip()} keeps U+0085, U+00A0, U+2007 and U+202F, which Python removes; {@link
 * String#trim()} removes U+0000, which Python keeps.
 */
final class PythonStrip {
  private PythonStrip() {}

  /**
   * Returns {@code s} without Python's white space at both ends; {@code s} itself where there is
   * none.
   */
  static String strip(String s) {
    int start = 0;
    int end = s.length();
    while (start < end && isSpace(s.charAt(start))) {
      start++;
    }
    while (start < end && isSpace(s.charAt(end - 1))) {
      end--;
    }
    return s.substring(start, end);
  }

  /**
   * Returns whether Python's {@code str.isspace()} holds for {@code c}; no such character lies
   * outside the BMP.
   */
  static boolean isSpace(char c) {
    if (c <= ' ') {
      return c >= '\u001C' || (c >= '\t' && c <= '\r');
    }
    return c >= '\u0085'
        && switch (c) {
          case '\u0085', '\u00A0', '\u1680', '\u2028', '\u2029', '\u202F', '\u205F', '\u3000' ->
              true;
          default -> c >= '\u2000' && c <= '\u200A';
        };
  }
}
