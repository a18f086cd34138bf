package io.instructorspark.checkpoint;

/**
 * Text from a file that is not trusted, made fit for a message: of bounded length, on one line,
 * with nothing in it that moves a cursor or turns the direction of writing.
 */
final class Printable {
  private static final int MAX_MESSAGE = 1_000;
  private static final int MAX_NAME = 120;
  private static final String CUT = " … ";

  private Printable() {}

  /** A whole message. A long one keeps its beginning and its end: file and remedy stand there. */
  static String message(String text) {
    return cut(text, MAX_MESSAGE);
  }

  /** A name within a message. */
  static String name(String text) {
    return cut(text, MAX_NAME);
  }

  private static String cut(String text, int max) {
    if (text.length() > max) {
      int head = max * 2 / 3;
      int tail = max - CUT.length() - head;
      return cut(text.substring(0, head) + CUT + text.substring(text.length() - tail), max, tail);
    }
    return cut(text, max, max / 3);
  }

  /** Escapes, and takes from the middle what the escapes add. */
  private static String cut(String text, int max, int tail) {
    String plain = escaped(text);
    return plain.length() <= max
        ? plain
        : plain.substring(0, max - tail - CUT.length())
            + CUT
            + plain.substring(plain.length() - tail);
  }

  private static String escaped(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        plain.append(c).append(text.charAt(++i));
      } else if (isHarmless(c)) {
        plain.append(c);
      } else {
        plain.append("\\u%04x".formatted((int) c));
      }
    }
    return plain.toString();
  }

  private static boolean isHarmless(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
