package io.instructorspark.job.evaluate;

/**
 * Accuracy, the mean over several fits, each of the items that it judges.
 *
 * @param right 1 or 0, and {@link #NOT_JUDGED}; (fits, items)
 */
record FitsOutcome(byte[][] right) implements Outcome {
  static final byte NOT_JUDGED = -1;

  @Override
  public int items() {
    return right[0].length;
  }

  @Override
  public double score(int[] times) {
    double sum = 0;
    for (byte[] fit : right) {
      long judged = 0;
      long correct = 0;
      for (int i = 0; i < fit.length; i++) {
        if (fit[i] != NOT_JUDGED) {
          judged += times[i];
          correct += (long) fit[i] * times[i];
        }
      }
      sum += (double) correct / judged;
    }
    return sum / right.length;
  }
}
