package io.instructorspark.job.evaluate;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Average precision of similarities that should be greater for what is relevant: the sum over
 * distinct similarities, from the greatest, of the recall that is won times the precision so far.
 * Items of one similarity come in together, in no order of their own.
 */
final class AveragePrecision implements Outcome {
  private final double[] similarities;
  private final boolean[] relevant;
  private final int[] order;

  /**
   * Sorts.
   *
   * @param similarities finite; (items)
   * @param relevant (items)
   */
  AveragePrecision(double[] similarities, boolean[] relevant) {
    this.similarities = similarities;
    this.relevant = relevant;
    this.order =
        IntStream.range(0, similarities.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -similarities[i]))
            .mapToInt(Integer::intValue)
            .toArray();
  }

  @Override
  public int items() {
    return order.length;
  }

  @Override
  public double score(int[] times) {
    double found = 0;
    double seen = 0;
    double sum = 0;
    int from = 0;
    while (from < order.length) {
      double won = 0;
      int to = from;
      while (to < order.length && similarities[order[to]] == similarities[order[from]]) {
        int item = order[to++];
        seen += times[item];
        won += relevant[item] ? times[item] : 0;
      }
      found += won;
      if (won > 0) {
        sum += won * found / seen;
      }
      from = to;
    }
    return found == 0 ? Double.NaN : sum / found;
  }
}
