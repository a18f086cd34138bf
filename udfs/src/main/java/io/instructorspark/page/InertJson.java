package io.instructorspark.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * JSON that can stand in a {@code script} element of data: it holds no character that HTML, or a
 * reader of the page's source, could take for anything. Such characters are written as escapes,
 * which JSON has for all of them.
 */
final class InertJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private InertJson() {}

  /**
   * @param value strings, numbers, arrays, lists and maps of them, null
   */
  static String of(Object value) {
    String json;
    try {
      json = MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "the data of a page must be strings, numbers, lists and maps: " + e.getMessage(), e);
    }
    StringBuilder inert = new StringBuilder(json.length() + json.length() / 16);
    json.codePoints()
        .forEach(
            point -> {
              if (isInert(point)) {
                inert.appendCodePoint(point);
              } else {
                inert.append("\\u%04x".formatted(point));
              }
            });
    return inert.toString();
  }

  /** Whether a character may stand as it is; those that may not have four hexadecimal digits. */
  private static boolean isInert(int point) {
    if (point < 0x7F) {
      return point >= ' ' && point != '<' && point != '>' && point != '&' && point != '\'';
    }
    if (point > 0xFFFF) {
      return true;
    }
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
