package io.instructorspark.engine;

/**
 * How much of a batch a training works on at once.
 *
 * @param maxTokens padded tokens of a forward pass, at least one text whatever its length
 * @param keepActivations whether the activations of the whole batch stay in memory until their
 *     gradients are computed; else those of one pass a worker, and each text is encoded twice (Gao
 *     et al. 2021, arXiv 2101.06983)
 */
public record PassLimits(int maxTokens, boolean keepActivations) {
  /** Checks the range. */
  public PassLimits {
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens must be > 0, got " + maxTokens);
    }
  }

  /** The whole batch in memory. */
  public static PassLimits keeping(int maxTokens) {
    return new PassLimits(maxTokens, true);
  }

  /** One pass a worker in memory, for a third more work. */
  public static PassLimits passByPass(int maxTokens) {
    return new PassLimits(maxTokens, false);
  }
}
