package io.instructorspark.engine.training;

/** How learning rates fall after warming up. */
public enum RateSchedule {
  /** In a straight line to 0 at the last step. */
  LINEAR {
    @Override
    double after(double share) {
      return 1 - share;
    }
  },
  /** Along half a cosine to 0 at the last step (Loshchilov and Hutter 2017). */
  COSINE {
    @Override
    double after(double share) {
      return 0.5 * (1 + Math.cos(Math.PI * share));
    }
  },
  /** Not at all. */
  CONSTANT {
    @Override
    double after(double share) {
      return 1;
    }
  };

  abstract double after(double share);

  /**
   * What a step's rates are multiplied with.
   *
   * @param step from 1 to {@code steps}
   * @param steps of the training
   * @param warmup share of the steps in which rates rise in a straight line to their full value
   * @return from 0 to 1, above 0
   */
  public double factor(long step, long steps, double warmup) {
    double rising = warmup * steps;
    if (step <= rising) {
      return step / rising;
    }
    return after((step - 1 - Math.floor(rising)) / Math.max(1, steps - Math.floor(rising)));
  }
}
