package io.instructorspark.job.rows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One line that should be one JSON object, judged as leniently as Spark reads it. */
final class JsonLine {
  private static final int SHOWN = 80;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  private JsonLine() {}

  /** What is wrong with the line; null where it is one object and nothing else. */
  static String problem(String line) {
    try (JsonParser parser = JSON.createParser(line)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        parser.skipChildren();
        if (parser.nextToken() == null && parser.getParsingContext().inRoot()) {
          return null;
        }
      }
      return "line is not one JSON object: '%s'".formatted(shown(line));
    } catch (IOException e) {
      return "line is not valid JSON: '%s'".formatted(shown(line));
    }
  }

  /** The keys of an object without a {@link #problem}, in order. */
  static List<String> keys(String line) {
    List<String> keys = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(line)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        keys.add(parser.currentName());
        parser.nextToken();
        parser.skipChildren();
      }
      return keys;
    } catch (IOException e) {
      throw new IllegalArgumentException("no valid JSON: '%s'".formatted(shown(line)), e);
    }
  }

  /**
   * The values of some keys of an object without a {@link #problem}, as strings: numbers, objects
   * and lists just as written, null where there is null or no such key.
   */
  static String[] strings(String line, List<String> keys) {
    String[] values = new String[keys.size()];
    try (JsonParser parser = JSON.createParser(line)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        int index = keys.indexOf(parser.currentName());
        JsonToken value = parser.nextToken();
        if (index < 0) {
          parser.skipChildren();
        } else {
          values[index] = value == JsonToken.VALUE_NULL ? null : asWritten(parser, line);
        }
      }
      return values;
    } catch (IOException e) {
      throw new IllegalArgumentException("no valid JSON: '%s'".formatted(shown(line)), e);
    }
  }

  /**
   * What is wrong with the keys of an object without a {@link #problem}: Spark's inference may take
   * two spellings of a key for one column, and its reader then drops the values of the other.
   */
  static String strayKey(String line, List<String> columns) {
    return keys(line).stream()
        .filter(key -> !columns.contains(key))
        .flatMap(key -> columns.stream().filter(key::equalsIgnoreCase).map(c -> stray(key, c)))
        .findFirst()
        .orElse(null);
  }

  private static String stray(String key, String column) {
    return "line has the key '%s' where the column is '%s'; its value is not read"
        .formatted(key, column);
  }

  private static String asWritten(JsonParser parser, String line) throws IOException {
    if (parser.currentToken().isScalarValue()) {
      return parser.getText();
    }
    int start = (int) parser.currentTokenLocation().getCharOffset();
    parser.skipChildren();
    return line.substring(start, (int) parser.currentLocation().getCharOffset());
  }

  private static String shown(String line) {
    StringBuilder shown = new StringBuilder();
    line.codePoints().limit(SHOWN).forEach(point -> append(shown, point));
    return line.codePointCount(0, line.length()) > SHOWN ? shown + "…" : shown.toString();
  }

  private static void append(StringBuilder shown, int point) {
    switch (point) {
      case '\t' -> shown.append("\\t");
      case '\n' -> shown.append("\\n");
      case '\r' -> shown.append("\\r");
      default -> {
        if (Character.isISOControl(point)) {
          shown.append("\\u%04x".formatted(point));
        } else {
          shown.appendCodePoint(point);
        }
      }
    }
  }
}
