package io.instructorspark.engine;

import java.io.Serializable;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the model runs: {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}.
 *
 * @param label the name used in options, in lower case
 */
public record Device(String label) implements Serializable {
  private static final Pattern NUMBERED = Pattern.compile("cuda:(0|[1-9][0-9]{0,3})");
  private static final String[] LABELS = {"auto", "cpu", "cuda", "cuda:N"};

  /** The first GPU if libtorch sees one, else the processor. */
  public static final Device AUTO = new Device("auto");

  /** The processor. */
  public static final Device CPU = new Device("cpu");

  /**
   * The NVIDIA GPU that a task was given, or else the first that the process sees; asking for it
   * where there is none is an error, not a fall-back.
   */
  public static final Device CUDA = new Device("cuda");

  /**
   * Checks the label, whatever its case.
   *
   * @throws IllegalArgumentException if there is no such device; the message lists those there are
   */
  public Device {
    String lower = label == null ? "" : label.toLowerCase(Locale.ROOT);
    boolean known =
        switch (lower) {
          case "auto", "cpu", "cuda" -> true;
          default -> NUMBERED.matcher(lower).matches();
        };
    if (!known) {
      throw new IllegalArgumentException(
          "device must be one of %s (N counts from 0, at most 9999), got '%s'"
              .formatted(String.join(", ", LABELS), label));
    }
    label = lower;
  }

  /**
   * The device named by a label, whatever its case.
   *
   * @throws IllegalArgumentException if there is no such device; the message lists those there are
   */
  public static Device of(String label) {
    return new Device(label);
  }

  /**
   * The NVIDIA GPU with that number, counted from 0 among those that the process sees.
   *
   * @throws IllegalArgumentException if the number is negative or above 9999
   */
  public static Device gpu(int number) {
    return new Device("cuda:" + number);
  }

  /** The number of a GPU that is named by its number; empty for all others. */
  public OptionalInt number() {
    Matcher numbered = NUMBERED.matcher(label);
    return numbered.matches()
        ? OptionalInt.of(Integer.parseInt(numbered.group(1)))
        : OptionalInt.empty();
  }

  /** The forms a label may have, for messages; {@code cuda:N} stands for every number. */
  public static String[] labels() {
    return LABELS.clone();
  }

  @Override
  public String toString() {
    return label;
  }
}
