package io.instructorspark.job.separation;

import java.util.List;
import java.util.Locale;

/**
 * The labels of rows in the order of their spelling. A label's place is its number.
 *
 * @param names the labels as strings
 * @param rows how many rows have each; may be 0 in a part of the rows
 */
public record Labels(List<String> names, List<Long> rows) {
  /** Far more than somebody tells apart; ids and texts have more. */
  static final int MOST = 10_000;

  /** Copies both. */
  public Labels {
    names = List.copyOf(names);
    rows = List.copyOf(rows);
    if (names.size() != rows.size()) {
      throw new IllegalArgumentException(
          "%d labels and %d counts of rows; expected one for each"
              .formatted(names.size(), rows.size()));
    }
  }

  /** Labels that have at least so many rows. */
  public long having(long least) {
    return rows.stream().filter(count -> count >= least).count();
  }

  /** Rows that have a label. */
  public long all() {
    return rows.stream().mapToLong(Long::longValue).sum();
  }

  /** The share of the other rows that have a row's label, in the mean: what chance agrees on. */
  public double agreementByChance() {
    double all = all();
    return rows.stream().mapToDouble(count -> count / all * (count - 1) / (all - 1)).sum();
  }

  /** The share of the rows that have the most frequent label. */
  public double mostFrequent() {
    return rows.stream().mapToLong(Long::longValue).max().orElse(0) / (double) all();
  }

  /**
   * The labels of every second row of each label's, from the first on or from the second; which of
   * the two is the other way round for every second label.
   */
  Labels half(int which) {
    Long[] halves = new Long[rows.size()];
    for (int label = 0; label < halves.length; label++) {
      int first = Math.floorMod(which - label, 2);
      halves[label] = (rows.get(label) - first + 1) / 2;
    }
    return new Labels(names, List.of(halves));
  }

  /**
   * Checks that there is something to tell apart.
   *
   * @param column that holds the labels
   */
  void requireSome(String column) {
    if (names.size() > MOST) {
      throw new SeparationException(
          String.format(
              Locale.ROOT,
              "column '%s' has more than %,d different labels, as ids or texts have; name the column of classes",
              column,
              MOST));
    }
    if (names.isEmpty()) {
      throw new SeparationException(
          "no row has both a label in column '%s' and what a vector is made of; look at the input, or name other columns"
              .formatted(column));
    }
    if (names.size() == 1) {
      throw new SeparationException(
          String.format(
              Locale.ROOT,
              "all %,d rows that can be used have the label '%s' in column '%s', so there is nothing to tell apart; give rows of two labels at least",
              all(),
              names.get(0),
              column));
    }
  }
}
