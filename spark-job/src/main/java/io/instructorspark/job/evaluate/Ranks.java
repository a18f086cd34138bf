package io.instructorspark.job.evaluate;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Values in ascending order, sorted once, from which ranks of any choice of them are read. */
final class Ranks {
  private final int[] order;
  private final double[] values;

  /**
   * Sorts.
   *
   * @param values finite
   */
  Ranks(double[] values) {
    this.values = values;
    this.order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> values[i]))
            .mapToInt(Integer::intValue)
            .toArray();
  }

  /**
   * The rank of each value among those that are chosen, from 1; equal ones share the mean of their
   * ranks.
   *
   * @param times how often each value is there; (values)
   */
  double[] of(int[] times) {
    double[] ranks = new double[values.length];
    double below = 0;
    int from = 0;
    while (from < order.length) {
      int to = from;
      double equal = 0;
      while (to < order.length && values[order[to]] == values[order[from]]) {
        equal += times[order[to++]];
      }
      for (int i = from; i < to; i++) {
        ranks[order[i]] = below + (equal + 1) / 2;
      }
      below += equal;
      from = to;
    }
    return ranks;
  }
}
