package io.instructorspark.job.evaluate;

/**
 * A score, or the difference of two, with its 95 % interval.
 *
 * @param low the 2.5th percentile of the resamples
 * @param high the 97.5th
 */
record Estimate(double value, double low, double high) {
  /** Of a difference: whether the interval holds 0, so that no difference is shown. */
  boolean isNoise() {
    return !(low > 0 || high < 0);
  }
}
