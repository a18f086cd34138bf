package io.instructorspark.job.compare;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Sums of rows' outcomes over many resamples of the rows: a Poisson bootstrap. In each resample a
 * row counts as often as a Poisson variable of mean 1 says, which is drawn from a hash of row,
 * resample and seed. So the rows need not be in one place, parts of them can be summed up, and all
 * outcomes of a row have its one weight: the means of a resample are paired. Not thread-safe.
 */
final class Resamples implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final double TAIL = 0.025;

  /**
   * Every share of ten or fewer is a whole number of these, so that sums are exact, in any order,
   * and what is equal differs by nothing.
   */
  private static final double UNITS = 2520;

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final long seed;
  private final int outcomes;
  private final double[] weights; // (resample + 1); the first counts each row once
  private final double[] sums; // (resample + 1, outcome), in units

  /**
   * @param resamples how many
   * @param outcomes of a row
   */
  Resamples(int resamples, int outcomes, long seed) {
    this.seed = seed;
    this.outcomes = outcomes;
    this.weights = new double[resamples + 1];
    this.sums = new double[(resamples + 1) * outcomes];
  }

  /**
   * Adds a row.
   *
   * @param row tells it apart from others
   * @param values its outcomes: shares of ten or fewer
   */
  void add(long row, double[] values) {
    long state = mixed(row ^ mixed(seed));
    add(0, 1, values);
    for (int resample = 1; resample < weights.length; resample++) {
      state += GOLDEN;
      int weight = poisson((mixed(state) >>> 11) * 0x1p-53);
      if (weight > 0) {
        add(resample, weight, values);
      }
    }
  }

  private void add(int resample, int weight, double[] values) {
    weights[resample] += weight;
    int place = resample * outcomes;
    for (int i = 0; i < outcomes; i++) {
      sums[place + i] += weight * Math.rint(UNITS * values[i]);
    }
  }

  /** Adds what another has summed up of other rows. Returns this. */
  Resamples plus(Resamples other) {
    for (int i = 0; i < weights.length; i++) {
      weights[i] += other.weights[i];
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] += other.sums[i];
    }
    return this;
  }

  /** Rows that were added. */
  long rows() {
    return (long) weights[0];
  }

  /** The mean of an outcome, without an interval. */
  double value(int outcome) {
    return sums[outcome] / UNITS / weights[0];
  }

  /** The mean of an outcome. */
  Estimate mean(int outcome) {
    return estimate(resample -> sums[resample * outcomes + outcome]);
  }

  /** The mean of one outcome less that of another, paired by row. */
  Estimate difference(int outcome, int other) {
    return estimate(
        resample -> sums[resample * outcomes + outcome] - sums[resample * outcomes + other]);
  }

  private interface Sum {
    double of(int resample);
  }

  private Estimate estimate(Sum sum) {
    double[] means = new double[weights.length - 1];
    int drawn = 0;
    for (int resample = 1; resample < weights.length; resample++) {
      if (weights[resample] > 0) { // of a handful of rows none may be drawn
        means[drawn++] = sum.of(resample) / UNITS / weights[resample];
      }
    }
    double[] sorted = Arrays.copyOf(means, drawn);
    Arrays.sort(sorted);
    return new Estimate(
        sum.of(0) / UNITS / weights[0], quantile(sorted, TAIL), quantile(sorted, 1 - TAIL));
  }

  private static double quantile(double[] sorted, double share) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /** By the inverse of the distribution function, mean 1. */
  private static int poisson(double uniform) {
    double probability = Math.exp(-1);
    double all = probability;
    int count = 0;
    while (uniform >= all && probability > 0) {
      count++;
      probability /= count;
      all += probability;
    }
    return count;
  }

  /** The finalizer of SplitMix64 (Steele, Lea and Flood 2014). */
  private static long mixed(long value) {
    long z = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
