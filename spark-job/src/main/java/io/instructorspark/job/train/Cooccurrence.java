package io.instructorspark.job.train;

import java.util.Arrays;

/**
 * How often tokens stand near each other in texts, weighted by 1 / distance, in a window of {@value
 * #WINDOW} to each side. Grows to 12 bytes for each pair of tokens that was met. For one thread.
 */
final class Cooccurrence {
  static final int WINDOW = 6;

  private static final int CHUNK = 1 << 22;
  private static final int DISTANCE_BITS = 3;

  private final long vocabulary;
  private final long[] chunk = new long[CHUNK];
  private int filled;
  private long[] pairs = {};
  private float[] weights = {};

  Cooccurrence(int vocabulary) {
    this.vocabulary = vocabulary;
  }

  /** Counts a text, both ways; its last token is {@code </s>} and is left out. */
  void add(int[] ids) {
    int end = ids.length - 1;
    for (int i = 0; i < end; i++) {
      for (int distance = 1; distance <= WINDOW && i + distance < end; distance++) {
        if (filled + 2 > CHUNK) {
          merge();
        }
        chunk[filled++] = (ids[i] * vocabulary + ids[i + distance]) << DISTANCE_BITS | distance;
        chunk[filled++] = (ids[i + distance] * vocabulary + ids[i]) << DISTANCE_BITS | distance;
      }
    }
  }

  /** Sorts what was gathered into what there is: a pair a place, in the order of pairs. */
  private void merge() {
    Arrays.sort(chunk, 0, filled);
    int distinct = 0;
    for (int i = 0; i < filled; i++) {
      distinct += i == 0 || pair(i) != pair(i - 1) ? 1 : 0;
    }
    long[] all = new long[pairs.length + distinct];
    float[] sums = new float[all.length];
    int count = 0;
    int old = 0;
    int at = 0;
    while (old < pairs.length || at < filled) {
      long next =
          at >= filled || old < pairs.length && pairs[old] <= pair(at) ? pairs[old] : pair(at);
      float sum = 0;
      if (old < pairs.length && pairs[old] == next) {
        sum = weights[old++];
      }
      for (; at < filled && pair(at) == next; at++) {
        sum += 1f / (chunk[at] & (1 << DISTANCE_BITS) - 1);
      }
      all[count] = next;
      sums[count++] = sum;
    }
    pairs = Arrays.copyOf(all, count);
    weights = Arrays.copyOf(sums, count);
    filled = 0;
  }

  private long pair(int place) {
    return chunk[place] >>> DISTANCE_BITS;
  }

  /**
   * Positive pointwise mutual information of a token with others (Levy et al. 2015, with contexts
   * smoothed by a power of 0.75).
   */
  record Row(int[] others, double[] values) {}

  /** A row for each token of the vocabulary; empty for those that were never met. */
  Row[] positiveInformation() {
    merge();
    int size = Math.toIntExact(vocabulary);
    double[] ofToken = new double[size];
    for (int i = 0; i < pairs.length; i++) {
      ofToken[(int) (pairs[i] / vocabulary)] += weights[i];
    }
    double all = Arrays.stream(ofToken).sum();
    double[] asContext = Arrays.stream(ofToken).map(count -> Math.pow(count, 0.75)).toArray();
    double allContexts = Arrays.stream(asContext).sum();
    Row[] rows = new Row[size];
    int from = 0;
    for (int token = 0; token < size; token++) {
      int to = from;
      while (to < pairs.length && pairs[to] / vocabulary == token) {
        to++;
      }
      int[] others = new int[to - from];
      double[] values = new double[to - from];
      int kept = 0;
      for (int i = from; i < to; i++) {
        int other = (int) (pairs[i] % vocabulary);
        double information =
            Math.log(weights[i] / all / (ofToken[token] / all * (asContext[other] / allContexts)));
        if (information > 0) {
          others[kept] = other;
          values[kept++] = information;
        }
      }
      rows[token] = new Row(Arrays.copyOf(others, kept), Arrays.copyOf(values, kept));
      from = to;
    }
    return rows;
  }
}
