package io.instructorspark.engine.training;

import io.instructorspark.engine.AdamW;
import io.instructorspark.engine.PassLimits;
import java.util.Objects;

/**
 * How an encoder is trained; the paper's values are {@link #DEFAULT} (Su et al. 2022, section 3.1).
 *
 * @param steps updates in all
 * @param maxLength tokens that a text and its instruction are cut to
 * @param adamW full rates and the rest of AdamW
 * @param schedule of the rates
 * @param warmup share of the steps in which rates rise
 * @param clip length that the gradients are shortened to; 0 for never
 * @param limits of the work at once
 * @param seed of dropout
 */
public record TrainingSettings(
    long steps,
    int maxLength,
    AdamW adamW,
    RateSchedule schedule,
    double warmup,
    double clip,
    PassLimits limits,
    long seed) {
  /** Fine-tuning as in the paper, on passes that suit a processor. */
  public static final TrainingSettings DEFAULT =
      new TrainingSettings(
          1000,
          512,
          new AdamW(2e-5, 2e-5, 0, 0.9, 0.999, 1e-8),
          RateSchedule.LINEAR,
          0.1,
          1,
          PassLimits.keeping(2048),
          0);

  /** Checks the ranges. */
  public TrainingSettings {
    Objects.requireNonNull(adamW, "adamW");
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(limits, "limits");
    if (steps < 1) {
      throw new IllegalArgumentException("steps must be > 0, got " + steps);
    }
    if (maxLength < 2) {
      throw new IllegalArgumentException(
          "maxLength must be at least 2, a token and </s>, got " + maxLength);
    }
    if (!(warmup >= 0 && warmup <= 1)) {
      throw new IllegalArgumentException("warmup must be from 0 to 1, got " + warmup);
    }
    if (!(clip >= 0)) {
      throw new IllegalArgumentException("clip must be >= 0, 0 for never, got " + clip);
    }
  }
}
