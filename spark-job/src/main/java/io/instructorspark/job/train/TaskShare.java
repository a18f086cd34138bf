package io.instructorspark.job.train;

/**
 * How much is drawn from the tasks of a data source.
 *
 * @param weight multiplies the share that sampling gives to a task; more than 0
 * @param from the share of the run after which it is drawn from, in [0, 1)
 * @param limit at most so many records of a task; {@link Integer#MAX_VALUE}: all
 */
record TaskShare(double weight, double from, int limit) {
  /** All of it, as sampling says, from the beginning. */
  static final TaskShare WHOLE = new TaskShare(1, 0, Integer.MAX_VALUE);

  TaskShare {
    if (!(weight > 0 && Double.isFinite(weight)) || !(from >= 0 && from < 1) || limit < 1) {
      throw new IllegalArgumentException(
          "a weight of %s from %s of the run on, up to %s records".formatted(weight, from, limit));
    }
  }
}
