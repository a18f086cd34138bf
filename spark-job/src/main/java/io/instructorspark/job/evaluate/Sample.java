package io.instructorspark.job.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A score with what it comes to on resamples. The same number stands for the same resample in all
 * samples of one task, so that differences are paired.
 *
 * @param value of all items
 * @param resampled on each resample
 */
record Sample(double value, double[] resampled) {
  private static final double TAIL = 0.025;

  /**
   * Resamples the items of a task. A resample on which the score is undefined counts as all items
   * do.
   *
   * @param task that the draws depend on, so that they are the same for each model and variant
   */
  static Sample of(Outcome outcome, String task, ScoringSettings settings) {
    double value = outcome.score();
    double[] resampled = new double[settings.resamples()];
    SplittableRandom random = new SplittableRandom(settings.seed() * 31 + task.hashCode());
    int[] times = new int[outcome.items()];
    for (int i = 0; i < resampled.length; i++) {
      Arrays.fill(times, 0);
      for (int draw = 0; draw < times.length; draw++) {
        times[random.nextInt(times.length)]++;
      }
      double score = outcome.score(times);
      resampled[i] = Double.isNaN(score) ? value : score;
    }
    return new Sample(value, resampled);
  }

  /** This less another, paired. */
  Sample minus(Sample other) {
    double[] differences = new double[resampled.length];
    for (int i = 0; i < differences.length; i++) {
      differences[i] = resampled[i] - other.resampled[i];
    }
    return new Sample(value - other.value, differences);
  }

  /**
   * The mean over tasks, which are resampled too: of each resample, as many tasks as there are.
   *
   * @param tasks one or more
   * @param seed equal for what is to be compared
   */
  static Sample overTasks(List<Sample> tasks, long seed) {
    int draws = tasks.get(0).resampled.length;
    SplittableRandom random = new SplittableRandom(seed);
    double[] means = new double[draws];
    for (int i = 0; i < draws; i++) {
      double sum = 0;
      for (int task = 0; task < tasks.size(); task++) {
        sum += tasks.get(random.nextInt(tasks.size())).resampled[i];
      }
      means[i] = sum / tasks.size();
    }
    return new Sample(tasks.stream().mapToDouble(Sample::value).average().orElseThrow(), means);
  }

  /** The mean of several, each as it is. */
  static Sample mean(List<Sample> all) {
    double[] means = new double[all.get(0).resampled.length];
    for (Sample one : all) {
      for (int i = 0; i < means.length; i++) {
        means[i] += one.resampled[i] / all.size();
      }
    }
    return new Sample(all.stream().mapToDouble(Sample::value).average().orElseThrow(), means);
  }

  /** With the interval that holds 95 % of the resamples. */
  Estimate estimate() {
    double[] sorted = resampled.clone();
    Arrays.sort(sorted);
    return new Estimate(value, quantile(sorted, TAIL), quantile(sorted, 1 - TAIL));
  }

  private static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
