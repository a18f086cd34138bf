package io.instructorspark.job.evaluate;

import java.util.Arrays;

/**
 * What vectors came to on a task: a score of its items, or of any choice of them. Two outcomes of
 * one task have the same items in the same order, whatever model and instruction they are of.
 */
interface Outcome {
  /** How many items the score is of: rows, queries, triplets. */
  int items();

  /**
   * The score of a choice of items.
   *
   * @param times how often each item counts, zero for never; (items)
   * @return finite, or NaN where the choice leaves it undefined, as one without a positive pair
   */
  double score(int[] times);

  /** The score of all items, each once. */
  default double score() {
    int[] once = new int[items()];
    Arrays.fill(once, 1);
    return score(once);
  }
}
