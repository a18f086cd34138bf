package io.instructorspark.job.compare;

/**
 * A mean over rows, or the difference of two, with its 95 % interval.
 *
 * @param low the 2.5th percentile of the resampled means
 * @param high the 97.5th
 */
record Estimate(double value, double low, double high) {
  /** Of a difference: whether the interval holds 0, so that the rows do not show a difference. */
  boolean isNoise() {
    return !(low > 0 || high < 0);
  }
}
