package io.instructorspark.job.evaluate;

/**
 * How tasks are scored.
 *
 * @param perLabel training rows of a label in a draw, at most
 * @param draws of training rows
 * @param clusterings with seeds of their own, of which the mean counts
 * @param resamples of items and tasks, for intervals
 * @param seed of all that is drawn
 */
record ScoringSettings(int perLabel, int draws, int clusterings, int resamples, long seed) {
  ScoringSettings {
    require("--per-label", perLabel, 1, 1_000);
    require("--draws", draws, 1, 100);
    require("--clusterings", clusterings, 1, 100);
    require("--resamples", resamples, 100, 10_000);
  }

  private static void require(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s must be from %,d to %,d, got %d".formatted(option, least, most, value));
    }
  }
}
