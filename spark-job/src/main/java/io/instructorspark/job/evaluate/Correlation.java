package io.instructorspark.job.evaluate;

/**
 * How a similarity goes with people's scores. Where one of the two is constant a correlation is not
 * defined; here it is 0 then, for such similarities say nothing of the scores.
 *
 * @param similarities (items)
 * @param scores (items)
 * @param kind of values, or of their ranks
 */
record Correlation(double[] similarities, double[] scores, Kind kind, Ranks[] ranks)
    implements Outcome {
  /** Which correlation. */
  enum Kind {
    /** Of the values. */
    PEARSON,
    /** Of their ranks, equal values sharing the mean of theirs. */
    SPEARMAN
  }

  static Correlation of(Kind kind, double[] similarities, double[] scores) {
    Ranks[] ranks =
        kind == Kind.SPEARMAN
            ? new Ranks[] {new Ranks(similarities), new Ranks(scores)}
            : new Ranks[0];
    return new Correlation(similarities, scores, kind, ranks);
  }

  @Override
  public int items() {
    return scores.length;
  }

  @Override
  public double score(int[] times) {
    return kind == Kind.PEARSON
        ? pearson(similarities, scores, times)
        : pearson(ranks[0].of(times), ranks[1].of(times), times);
  }

  private static double pearson(double[] x, double[] y, int[] times) {
    double all = 0;
    double meanX = 0;
    double meanY = 0;
    for (int i = 0; i < x.length; i++) {
      all += times[i];
      meanX += times[i] * x[i];
      meanY += times[i] * y[i];
    }
    meanX /= all;
    meanY /= all;
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int i = 0; i < x.length; i++) {
      double dx = x[i] - meanX;
      double dy = y[i] - meanY;
      xx += times[i] * dx * dx;
      yy += times[i] * dy * dy;
      xy += times[i] * dx * dy;
    }
    double scale = 1e-13 * all; // what rounding leaves of constant values of size about 1
    double least = scale * scale;
    return xx <= least * Math.max(1, meanX * meanX) || yy <= least * Math.max(1, meanY * meanY)
        ? 0
        : Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
  }
}
