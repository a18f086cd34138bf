package io.instructorspark.job.evaluate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Which rows each fit of a classification learns from, and which it judges. Depends on labels and
 * seed alone.
 *
 * @param all one or more
 */
record Fits(List<Fit> all) {
  private static final int FOLDS = 10;

  /** Places of rows. */
  record Fit(int[] learned, int[] judged) {}

  /**
   * Draws of at most so many rows of each label from the training rows; the test rows are judged.
   *
   * @param byLabel places of the training rows of each label
   */
  static Fits draws(List<List<Integer>> byLabel, int[] test, ScoringSettings settings) {
    return drawn(byLabel, settings, false, learned -> test);
  }

  /**
   * The same where nobody says which rows are for training: of a label at most half of its rows are
   * drawn, and all rows that were not drawn are judged.
   */
  static Fits draws(List<List<Integer>> byLabel, int rows, ScoringSettings settings) {
    return drawn(byLabel, settings, true, learned -> others(rows, learned));
  }

  private interface Judged {
    int[] by(int[] learned);
  }

  private static Fits drawn(
      List<List<Integer>> byLabel, ScoringSettings settings, boolean halved, Judged judged) {
    List<Fit> all = new ArrayList<>();
    for (int draw = 0; draw < settings.draws(); draw++) {
      Random random = new Random(settings.seed() * 1_000_003 + draw);
      List<Integer> learned = new ArrayList<>();
      for (List<Integer> rows : byLabel) {
        int most = halved ? Math.max(1, rows.size() / 2) : rows.size();
        learned.addAll(shuffled(rows, random).subList(0, Math.min(settings.perLabel(), most)));
      }
      int[] places = places(learned);
      all.add(new Fit(places, judged.by(places)));
    }
    return new Fits(List.copyOf(all));
  }

  /** Ten parts that have the labels in equal shares, each judged by what the others teach. */
  static Fits folds(List<List<Integer>> byLabel, long seed) {
    Random random = new Random(seed);
    List<List<Integer>> parts =
        IntStream.range(0, FOLDS).<List<Integer>>mapToObj(i -> new ArrayList<>()).toList();
    int next = 0;
    for (List<Integer> rows : byLabel) {
      for (int row : shuffled(rows, random)) {
        parts.get(next++ % FOLDS).add(row);
      }
    }
    List<Fit> all = new ArrayList<>();
    for (List<Integer> part : parts) {
      int[] judged = places(part);
      if (judged.length > 0) {
        all.add(new Fit(others(next, judged), judged));
      }
    }
    return new Fits(List.copyOf(all));
  }

  private static List<Integer> shuffled(List<Integer> rows, Random random) {
    List<Integer> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }

  private static int[] places(List<Integer> rows) {
    return rows.stream().mapToInt(Integer::intValue).sorted().toArray();
  }

  private static int[] others(int rows, int[] some) {
    boolean[] among = new boolean[rows];
    for (int row : some) {
      among[row] = true;
    }
    return IntStream.range(0, rows).filter(row -> !among[row]).toArray();
  }

  /** Rows that any fit judges, in order: the items of the score. */
  int[] judged() {
    return all.stream()
        .flatMapToInt(fit -> IntStream.of(fit.judged()))
        .distinct()
        .sorted()
        .toArray();
  }

  /** Rows that any fit needs the vector of. */
  int[] needed() {
    return all.stream()
        .flatMapToInt(
            fit -> IntStream.concat(IntStream.of(fit.judged()), IntStream.of(fit.learned())))
        .distinct()
        .sorted()
        .toArray();
  }
}
