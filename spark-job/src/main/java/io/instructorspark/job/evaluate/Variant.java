package io.instructorspark.job.evaluate;

import java.util.Map;

/**
 * Instructions that a task's texts are embedded with.
 *
 * @param name in files and tables: {@code own}, {@code none}, {@code wrong}, or what an analysis
 *     tries
 * @param instructions by role; empty for none
 * @param origin of instructions that are not the task's own, in words; else empty
 */
record Variant(String name, Map<String, String> instructions, String origin) {
  static final String OWN = "own";
  static final String NONE = "none";
  static final String WRONG = "wrong";

  Variant {
    instructions = Map.copyOf(instructions);
  }

  String instruction(String role) {
    return instructions.get(role);
  }
}
