package io.instructorspark.page;

import java.util.ArrayDeque;
import java.util.Deque;

/** Characters that a page does not show as they are. */
final class Characters {
  private static final int REPLACEMENT = 0xFFFD;
  private static final int FIRST_STRONG_ISOLATE = 0x2068;
  private static final int POP_ISOLATE = 0x2069;
  private static final int POP_EMBEDDING = 0x202C;

  private Characters() {}

  /** A code point, or what stands for it: NUL and half a character are none, controls are blank. */
  static int shown(int point) {
    if (point == 0 || Character.getType(point) == Character.SURROGATE) {
      return REPLACEMENT;
    }
    return Character.isISOControl(point) && point != '\n' && point != '\t' ? ' ' : point;
  }

  /**
   * The beginning of a text.
   *
   * @param most code points; where there are more, an ellipsis follows
   */
  static String beginning(String text, int most) {
    StringBuilder beginning = new StringBuilder(Math.min(text.length(), 2 * most) + 1);
    text.codePoints().limit(most).forEach(point -> beginning.appendCodePoint(shown(point)));
    if (text.codePointCount(0, text.length()) > most) {
      beginning.append('…');
    }
    return beginning.toString();
  }

  /**
   * A text that turns nothing around it, whatever its direction and marks: isolated by Unicode's
   * characters for that, with the marks that it leaves open closed and those that close nothing
   * left out. A text from left to right alone comes back as it is.
   */
  static String isolated(String text) {
    if (text.codePoints().noneMatch(Characters::turns)) {
      return text;
    }
    StringBuilder isolated = new StringBuilder().appendCodePoint(FIRST_STRONG_ISOLATE);
    Deque<Integer> open = new ArrayDeque<>();
    text.codePoints()
        .forEach(
            point -> {
              switch (Character.getDirectionality(point)) {
                case Character.DIRECTIONALITY_LEFT_TO_RIGHT_EMBEDDING,
                    Character.DIRECTIONALITY_RIGHT_TO_LEFT_EMBEDDING,
                    Character.DIRECTIONALITY_LEFT_TO_RIGHT_OVERRIDE,
                    Character.DIRECTIONALITY_RIGHT_TO_LEFT_OVERRIDE ->
                    open.push(POP_EMBEDDING);
                case Character.DIRECTIONALITY_LEFT_TO_RIGHT_ISOLATE,
                    Character.DIRECTIONALITY_RIGHT_TO_LEFT_ISOLATE,
                    Character.DIRECTIONALITY_FIRST_STRONG_ISOLATE ->
                    open.push(POP_ISOLATE);
                case Character.DIRECTIONALITY_POP_DIRECTIONAL_FORMAT,
                    Character.DIRECTIONALITY_POP_DIRECTIONAL_ISOLATE -> {
                  if (open.isEmpty() || open.peek() != point) {
                    return;
                  }
                  open.pop();
                }
                default -> {
                  // turns nothing that stays open
                }
              }
              isolated.appendCodePoint(point);
            });
    open.forEach(isolated::appendCodePoint);
    return isolated.appendCodePoint(POP_ISOLATE).toString();
  }

  private static boolean turns(int point) {
    return switch (Character.getDirectionality(point)) {
      case Character.DIRECTIONALITY_RIGHT_TO_LEFT,
          Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC,
          Character.DIRECTIONALITY_ARABIC_NUMBER,
          Character.DIRECTIONALITY_LEFT_TO_RIGHT_EMBEDDING,
          Character.DIRECTIONALITY_RIGHT_TO_LEFT_EMBEDDING,
          Character.DIRECTIONALITY_LEFT_TO_RIGHT_OVERRIDE,
          Character.DIRECTIONALITY_RIGHT_TO_LEFT_OVERRIDE,
          Character.DIRECTIONALITY_POP_DIRECTIONAL_FORMAT,
          Character.DIRECTIONALITY_LEFT_TO_RIGHT_ISOLATE,
          Character.DIRECTIONALITY_RIGHT_TO_LEFT_ISOLATE,
          Character.DIRECTIONALITY_FIRST_STRONG_ISOLATE,
          Character.DIRECTIONALITY_POP_DIRECTIONAL_ISOLATE ->
          true;
      default -> false;
    };
  }
}
