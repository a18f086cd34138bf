package io.instructorspark.spark;

import java.util.Arrays;
import java.util.Locale;

/**
 * What becomes of a row that cannot be embedded: an instruction that fills the window, a text that
 * is too long.
 */
public enum HandleInvalid {
  /** The job fails with the row's error. */
  ERROR,
  /** The row stays, with a null vector and its error in {@code errorCol}. */
  KEEP,
  /** The row is left out. */
  SKIP;

  /** The name used in options: {@code error}, {@code keep}, {@code skip}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The choice named by a label, whatever its case.
   *
   * @throws IllegalArgumentException if there is no such choice
   */
  public static HandleInvalid of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }

  static String[] labels() {
    return Arrays.stream(values()).map(HandleInvalid::label).toArray(String[]::new);
  }
}
