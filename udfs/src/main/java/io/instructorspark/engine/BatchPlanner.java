package io.instructorspark.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts texts into batches: sorted by length, longest first, filled up to a budget of padded tokens.
 */
final class BatchPlanner {
  private BatchPlanner() {}

  /**
   * @param lengths tokens of each text, at least 1
   * @param maxTokens padded tokens a batch may have; a text that is longer gets a batch of its own
   * @return for each batch the indices of its texts; every index occurs once
   */
  static List<int[]> plan(int[] lengths, int maxTokens) {
    long[] order = new long[lengths.length]; // longest first, then by index: one sort without boxes
    for (int i = 0; i < lengths.length; i++) {
      order[i] = (long) (Integer.MAX_VALUE - lengths[i]) << 32 | i;
    }
    Arrays.sort(order);
    List<int[]> batches = new ArrayList<>();
    for (int from = 0; from < order.length; ) {
      int longest = lengths[(int) order[from]];
      int to = Math.min(order.length, from + Math.max(1, maxTokens / longest));
      int[] batch = new int[to - from];
      for (int i = from; i < to; i++) {
        batch[i - from] = (int) order[i];
      }
      batches.add(batch);
      from = to;
    }
    return batches;
  }
}
