package io.instructorspark.engine;

import java.util.Objects;

/**
 * How the forward passes of a training compute.
 *
 * @param dropout share of the numbers that each of T5's dropouts zeroes, from 0 to below 1
 * @param precision of the matrix products; weights, gradients, norms, softmax and the loss are of
 *     single precision
 * @param threads that work on the passes of a batch side by side; gradients add up in another order
 *     with another number of them, so results differ in the last bits
 */
public record TrainingMode(double dropout, Precision precision, int threads) {
  /** Checks the ranges. */
  public TrainingMode {
    Objects.requireNonNull(precision, "precision");
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout must be from 0 to below 1, got " + dropout);
    }
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be > 0, got " + threads);
    }
  }
}
