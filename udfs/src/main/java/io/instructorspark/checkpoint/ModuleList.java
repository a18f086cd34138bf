package io.instructorspark.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The folders of a sentence-transformers pipeline, from {@code modules.json}. A Normalize module
 * may be listed or not, with or without a folder: INSTRUCTOR's vectors are unit vectors anyway.
 *
 * @param transformer folder of the encoder and tokenizer, empty for the top
 * @param pooling folder of the pooling config
 * @param dense folder of the projection
 */
record ModuleList(String transformer, String pooling, String dense) {
  static final String FILE = "modules.json";
  static final String WHY_DENSE =
      "INSTRUCTOR projects after pooling, so every vector would be wrong without it."
          + " Download the whole repository, sub-folders included";

  private static final List<String> ORDER = List.of("Transformer", "Pooling", "Dense", "Normalize");

  static ModuleList read(CheckpointFiles files) {
    String where = files.describe(FILE);
    if (!files.has(FILE)) {
      throw new CheckpointException(
          ("%s has no %s, so it is not a sentence-transformers folder. Give the top"
                  + " folder of an INSTRUCTOR repository such as hkunlp/instructor-large")
              .formatted(files.describe(""), FILE));
    }
    JsonNode root = StrictJson.parse(files.text(FILE), where);
    if (!root.isArray()) {
      throw new CheckpointException("%s must hold a JSON array of modules".formatted(where));
    }
    List<String> kinds = new ArrayList<>();
    List<String> paths = new ArrayList<>();
    for (JsonNode module : root) {
      kinds.add(kind(module.path("type").asText(), where));
      paths.add(RelativePath.join("", module.path("path").asText(), where));
    }
    if (!kinds.contains("Dense")) {
      throw new CheckpointException("%s lists no Dense module. %s".formatted(where, WHY_DENSE));
    }
    if (!kinds.equals(ORDER) && !kinds.equals(ORDER.subList(0, 3))) {
      throw new CheckpointException(
          "%s lists the modules %s, expected %s (Normalize may be left out)"
              .formatted(where, kinds, ORDER));
    }
    return new ModuleList(paths.get(0), paths.get(1), paths.get(2));
  }

  /** The module's class by its last part; the reference package's own classes carry a prefix. */
  private static String kind(String type, String where) {
    String simpleName = type.substring(type.lastIndexOf('.') + 1);
    String kind = simpleName.replaceFirst("^INSTRUCTOR_", "");
    if (!ORDER.contains(kind)) {
      throw new CheckpointException(
          "%s lists a module of the type \"%s\"; INSTRUCTOR consists of %s"
              .formatted(where, type, ORDER));
    }
    return kind;
  }
}
