package io.instructorspark.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Supplier;

/** A JSON object of settings, with typed access whose errors name the file and the key. */
final class ConfigFile {
  private final String where;
  private final JsonNode root;

  private ConfigFile(String where, JsonNode root) {
    this.where = where;
    this.root = root;
  }

  static ConfigFile read(CheckpointFiles files, String path) {
    return parse(files.text(path), files.describe(path));
  }

  static ConfigFile read(CheckpointFiles files, String path, int maxBytes) {
    return parse(files.text(path, maxBytes), files.describe(path));
  }

  static ConfigFile parse(String json, String where) {
    JsonNode root = StrictJson.parse(json, where);
    if (!root.isObject()) {
      throw new CheckpointException("%s must hold a JSON object".formatted(where));
    }
    return new ConfigFile(where, root);
  }

  boolean has(String key) {
    return root.hasNonNull(key);
  }

  /** The settings as they are, for those that read keys by pattern. */
  JsonNode root() {
    return root;
  }

  int integer(String key) {
    JsonNode value = required(key);
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw refused("%s must be a whole number, got %s".formatted(key, brief(value)));
    }
    return value.intValue();
  }

  int integer(String key, int absent) {
    return has(key) ? integer(key) : absent;
  }

  double number(String key, double absent) {
    if (!has(key)) {
      return absent;
    }
    JsonNode value = required(key);
    if (!value.isNumber()) {
      throw refused("%s must be a number, got %s".formatted(key, brief(value)));
    }
    return value.doubleValue();
  }

  String string(String key) {
    JsonNode value = required(key);
    if (!value.isTextual()) {
      throw refused("%s must be a string, got %s".formatted(key, brief(value)));
    }
    return value.textValue();
  }

  boolean flag(String key, boolean absent) {
    if (!has(key)) {
      return absent;
    }
    JsonNode value = required(key);
    if (!value.isBoolean()) {
      throw refused("%s must be true or false, got %s".formatted(key, brief(value)));
    }
    return value.booleanValue();
  }

  void require(String key, String expected, String reason) {
    String found = string(key);
    if (!found.equals(expected)) {
      throw refused("%s is \"%s\", expected \"%s\": %s".formatted(key, found, expected, reason));
    }
  }

  void requireIfPresent(String key, String expected, String reason) {
    if (has(key)) {
      require(key, expected, reason);
    }
  }

  /** Builds a value whose own checks do not know the file, and adds the file to what they say. */
  <T> T checked(Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw new CheckpointException("%s: %s".formatted(where, e.getMessage()), e);
    }
  }

  CheckpointException refused(String reason) {
    return new CheckpointException("%s: %s".formatted(where, reason));
  }

  private JsonNode required(String key) {
    if (!has(key)) {
      throw refused("%s is missing".formatted(key));
    }
    return root.get(key);
  }

  static String brief(JsonNode value) {
    return Printable.name(value.toString());
  }
}
