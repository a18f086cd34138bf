package io.instructorspark.text;

import java.util.Objects;

/**
 * An instruction and a text made one string, and the string that tells how much of it is
 * instruction.
 *
 * @param joined what is tokenised and encoded; may be empty
 * @param counted the instruction whose tokens are counted and left out of the average; may be
 *     empty. It need not be a prefix of {@code joined}, nor need its tokens be a prefix of the
 *     tokens of {@code joined}: the count rules
 */
public record JoinedText(String joined, String counted) {
  /** Refuses nulls. */
  public JoinedText {
    Objects.requireNonNull(joined, "joined");
    Objects.requireNonNull(counted, "counted");
  }
}
