package io.instructorspark.job.kmeans;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * How many clusters are looked for: a number, or all from one to another, of which the best is
 * taken.
 */
public record ClusterRange(int from, int to) {
  private static final Pattern WRITTEN = Pattern.compile("(\\d{1,9})(?:\\.\\.(\\d{1,9}))?");

  /** Checks the numbers. */
  public ClusterRange {
    if (from < 2) {
      throw new IllegalArgumentException(
          "the number of clusters must be at least 2, got %d: one cluster is all rows"
              .formatted(from));
    }
    if (to < from) {
      throw new IllegalArgumentException(
          "%d..%d clusters end before they begin; write the smaller number first"
              .formatted(from, to));
    }
  }

  /**
   * The range that a user wrote.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static ClusterRange of(String written) {
    Matcher matcher = WRITTEN.matcher(written.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "a number of clusters or a range is due, as 8 or 2..12, got '%s'".formatted(written));
    }
    int from = Integer.parseInt(matcher.group(1));
    return new ClusterRange(
        from, matcher.group(2) == null ? from : Integer.parseInt(matcher.group(2)));
  }

  /** Whether there is more than one number. */
  public boolean isChoice() {
    return to > from;
  }

  /** The numbers, ascending. */
  public IntStream numbers() {
    return IntStream.rangeClosed(from, to);
  }

  @Override
  public String toString() {
    return isChoice() ? from + ".." + to : String.valueOf(from);
  }
}
