package io.instructorspark.job.evaluate;

/**
 * A score that is the mean of a value of each item.
 *
 * @param values (items), finite
 */
record MeanOutcome(double[] values) implements Outcome {
  @Override
  public int items() {
    return values.length;
  }

  @Override
  public double score(int[] times) {
    double sum = 0;
    long all = 0;
    for (int i = 0; i < values.length; i++) {
      sum += times[i] * values[i];
      all += times[i];
    }
    return sum / all;
  }
}
