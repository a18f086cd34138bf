package io.instructorspark.engine.training;

import java.util.Objects;

/**
 * A pair of texts that belong together for a task, and a text that does not, each with its
 * instruction: a record of MEDI (Su et al. 2022, section 2.2).
 *
 * @param query the one side
 * @param positive the other
 * @param negative what the query is to be told from; null where there is none
 * @param label that query and positive share; null where the texts are not labelled
 */
public record Example(Side query, Side positive, Side negative, String label) {
  /** A text with its instruction. */
  public record Side(String instruction, String text) {
    /** Checks presence. */
    public Side {
      Objects.requireNonNull(instruction, "instruction");
      Objects.requireNonNull(text, "text");
    }

    /** The same text with another instruction. */
    public Side withInstruction(String other) {
      return new Side(other, text);
    }
  }

  /** Checks presence. */
  public Example {
    Objects.requireNonNull(query, "query");
    Objects.requireNonNull(positive, "positive");
  }
}
