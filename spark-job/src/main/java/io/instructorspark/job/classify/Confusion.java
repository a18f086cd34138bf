package io.instructorspark.job.classify;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many rows of each label were given which label. For the driver, and one thread.
 *
 * <p>Rows that were given none, because they have no usable vector, are counted apart; so are rows
 * whose label was never learned, which no prediction could have met.
 */
final class Confusion {
  private final List<String> labels;
  private final Map<String, Map<String, Long>> rows = new LinkedHashMap<>();
  private long unlabelled;
  private long unpredicted;
  private long unseen;

  /**
   * @param labels that can be given, in their order
   */
  Confusion(List<String> labels) {
    this.labels = List.copyOf(labels);
    for (String label : this.labels) {
      rows.put(label, new TreeMap<>());
    }
  }

  /** Of one label. */
  record ClassScore(String label, double precision, double recall, double f1, long rows) {}

  /** Rows with a label that was given to some of them. */
  record Cell(String label, String prediction, long rows) {}

  void add(String label, String prediction, long count) {
    if (prediction == null) {
      unpredicted += count;
    } else {
      rows.get(label).merge(prediction, count, Long::sum);
    }
  }

  void addUnlabelled(long count) {
    unlabelled += count;
  }

  void addUnseen(long count) {
    unseen += count;
  }

  void addAll(Confusion other) {
    other.rows.forEach(
        (label, given) -> given.forEach((prediction, count) -> add(label, prediction, count)));
    unlabelled += other.unlabelled;
    unpredicted += other.unpredicted;
    unseen += other.unseen;
  }

  /** Rows that are judged: their label was learned, and they were given one. */
  long scored() {
    return rows.values().stream().flatMap(given -> given.values().stream()).mapToLong(n -> n).sum();
  }

  /** Rows without a label. */
  long unlabelled() {
    return unlabelled;
  }

  /** Rows with a label that were given none. */
  long unpredicted() {
    return unpredicted;
  }

  /** Rows with a label that was never learned. */
  long unseen() {
    return unseen;
  }

  long of(String label, String prediction) {
    return rows.get(label).getOrDefault(prediction, 0L);
  }

  List<String> labels() {
    return labels;
  }

  /** Share of the scored rows that were given their label; NaN where there are none. */
  double accuracy() {
    return (double) labels.stream().mapToLong(label -> of(label, label)).sum() / scored();
  }

  /** The mean of the F1 scores of labels that rows have or were given; NaN where there are none. */
  double macroF1() {
    return classes().stream().mapToDouble(ClassScore::f1).average().orElse(Double.NaN);
  }

  /** Scores of each label that rows have or were given; a share of nothing is 0. */
  List<ClassScore> classes() {
    Map<String, Long> given = new LinkedHashMap<>();
    rows.values()
        .forEach(of -> of.forEach((prediction, n) -> given.merge(prediction, n, Long::sum)));
    List<ClassScore> scores = new ArrayList<>();
    for (String label : labels) {
      long right = of(label, label);
      long have = rows.get(label).values().stream().mapToLong(n -> n).sum();
      long got = given.getOrDefault(label, 0L);
      if (have + got > 0) {
        scores.add(
            new ClassScore(
                label, share(right, got), share(right, have), share(2 * right, have + got), have));
      }
    }
    return scores;
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  /** All that is not 0, in the order of the labels. */
  List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (String label : labels) {
      for (String prediction : labels) {
        if (of(label, prediction) > 0) {
          cells.add(new Cell(label, prediction, of(label, prediction)));
        }
      }
    }
    return cells;
  }
}
