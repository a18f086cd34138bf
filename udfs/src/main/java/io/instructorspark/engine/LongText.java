package io.instructorspark.engine;

import java.util.Arrays;
import java.util.Locale;

/** What becomes of a text that does not fit the model's window together with its instruction. */
public enum LongText {
  /**
   * The text is cut at the window's end, {@code </s>} kept, and flagged as truncated: what the
   * reference does.
   */
  TRUNCATE,
  /**
   * The text's tokens are cut into pieces that fill the window, each read behind the instruction;
   * the vector is the mean of the pieces' unit vectors weighted by their number of text tokens,
   * made a unit vector again.
   */
  CHUNK,
  /** The row gets no vector and an error. */
  ERROR;

  /** The name used in options: {@code truncate}, {@code chunk}, {@code error}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The choice named by a label, whatever its case.
   *
   * @throws IllegalArgumentException if there is no such choice; the message lists those there are
   */
  public static LongText of(String label) {
    return Labels.find(values(), LongText::label, label, "longText");
  }

  /** All labels, for messages and validators. */
  public static String[] labels() {
    return Arrays.stream(values()).map(LongText::label).toArray(String[]::new);
  }

  @Override
  public String toString() {
    return label();
  }
}
