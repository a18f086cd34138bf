package io.instructorspark.text;

import java.io.Serializable;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * An instruction that has a name, taken as {@code @name} wherever an instruction is given.
 *
 * @param name lower-case letters, digits and hyphens, first a letter or digit
 * @param instruction the instruction exactly as it is put before a text, its final space included;
 *     not blank
 * @param use one line on when to take it; not blank
 */
public record NamedInstruction(String name, String instruction, String use)
    implements Serializable {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*");

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException for another kind of name, a blank instruction, or a use that
   *     is not one line
   */
  public NamedInstruction {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(instruction, "instruction");
    Objects.requireNonNull(use, "use");
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          ("\"%s\" cannot name an instruction: expected lower-case letters, digits and hyphens, "
                  + "first a letter or digit, as in retrieval-query.")
              .formatted(name));
    }
    if (PythonStrip.strip(instruction).isEmpty()) {
      throw new IllegalArgumentException(
          ("The instruction named %s is blank; "
                  + "expected a sentence as in \"Represent the Science title: \".")
              .formatted(name));
    }
    if (use.isBlank() || use.lines().count() > 1) {
      throw new IllegalArgumentException(
          "The instruction named %s needs one line in 'use' that says when to take it, got \"%s\"."
              .formatted(name, use));
    }
  }
}
