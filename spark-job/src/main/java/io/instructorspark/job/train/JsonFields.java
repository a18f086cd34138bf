package io.instructorspark.job.train;

import com.fasterxml.jackson.databind.JsonNode;
import io.instructorspark.job.train.RecordColumns.Outcome;

/** What a JSON object says under a name. */
final class JsonFields {
  private static final int SHOWN = 60;

  private JsonFields() {}

  /** A text, number or truth value as text; null where there is null or no such name. */
  static String scalar(JsonNode node, String name) throws BadRecord {
    JsonNode value = node.get(name);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isValueNode()) {
      throw new BadRecord(
          Outcome.BAD, "its %s is %s, not a text".formatted(name, shown(value.toString())));
    }
    return value.asText();
  }

  /** An instruction and a text; an instruction that is null is the empty one. */
  static String[] side(JsonNode node, String name) throws BadRecord {
    JsonNode value = node.get(name);
    if (value == null || !value.isArray() || value.size() != 2) {
      throw new BadRecord(
          Outcome.BAD,
          "its %s is %s; expected [instruction, text]"
              .formatted(name, value == null ? "missing" : shown(value.toString())));
    }
    JsonNode instruction = value.get(0);
    JsonNode text = value.get(1);
    if (!text.isTextual() || !(instruction.isTextual() || instruction.isNull())) {
      throw new BadRecord(
          Outcome.BAD,
          "the %s of its %s is %s, not a text"
              .formatted(
                  text.isTextual() ? "instruction" : "text",
                  name,
                  shown((text.isTextual() ? instruction : text).toString())));
    }
    return new String[] {instruction.isNull() ? "" : instruction.asText(), text.asText()};
  }

  /** The beginning of a text, for messages. */
  static String shown(String text) {
    return text.codePointCount(0, text.length()) <= SHOWN
        ? text
        : text.substring(0, text.offsetByCodePoints(0, SHOWN)) + "…";
  }
}
