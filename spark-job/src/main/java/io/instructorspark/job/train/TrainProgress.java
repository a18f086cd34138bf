package io.instructorspark.job.train;

import io.instructorspark.engine.training.StepResult;
import io.instructorspark.job.metrics.ProgressLine;
import java.io.PrintStream;
import java.util.Locale;

/** A line about the last steps, every so many seconds: loss, records a second, time left. */
final class TrainProgress {
  private static final double PERIOD_SECONDS = 20;

  private final PrintStream said;
  private final long allSteps;
  private final long start = System.nanoTime();
  private final long firstStep;
  private double saidAt;
  private double losses;
  private long steps;
  private long records;
  private long tokens;

  /**
   * @param said null to say nothing
   * @param firstStep the step before the first one of this run
   */
  TrainProgress(PrintStream said, long firstStep, long allSteps) {
    this.said = said;
    this.firstStep = firstStep;
    this.allSteps = allSteps;
  }

  void step(long step, StepResult result, int batch) {
    losses += result.loss();
    steps++;
    records += batch;
    tokens += result.tokens();
    double seconds = seconds();
    if (said == null || seconds - saidAt < PERIOD_SECONDS && step < allSteps) {
      return;
    }
    double left = seconds / (step - firstStep) * (allSteps - step);
    said.println(
        String.format(
            Locale.ROOT,
            "step %,d of %,d  loss %.4f  %.0f records/s  %,.0f tokens/s  %s left",
            step,
            allSteps,
            losses / steps,
            records / (seconds - saidAt),
            tokens / (seconds - saidAt),
            ProgressLine.clock(left)));
    saidAt = seconds;
    losses = 0;
    steps = 0;
    records = 0;
    tokens = 0;
  }

  void say(String line) {
    if (said != null) {
      said.println(line);
    }
  }

  /** Seconds since the first step of this run. */
  double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }
}
