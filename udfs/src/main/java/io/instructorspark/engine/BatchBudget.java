package io.instructorspark.engine;

import io.instructorspark.checkpoint.T5Config;

/**
 * The padded tokens of one forward pass where nobody says a number: enough that the work of a pass
 * outweighs the calls that make it, few enough that its intermediates stay in the processor's cache
 * and little is padded. Measured on one thread: 512 is best for models of 256 to 768 dimensions;
 * very small ones want more. A GPU wants far more.
 *
 * @param maxTokens padded tokens
 */
record BatchBudget(int maxTokens) {
  private static final int CPU_LEAST = 512;
  private static final int CPU_MOST = 4_096;
  private static final int CPU_NUMBERS = 1 << 18;
  private static final int GPU = 65_536;

  /** Below that a bound by memory would cost more than a pass that fails and is halved. */
  static final int BOUND_LEAST = 64;

  /** By the size of the model's widest intermediate and by device. */
  static BatchBudget of(T5Config config, boolean gpu) {
    int widest = Math.max(config.dFf(), 3 * config.innerSize());
    int cpu = Math.max(CPU_LEAST, Math.min(CPU_MOST, CPU_NUMBERS / widest));
    return new BatchBudget(gpu ? GPU : cpu);
  }

  /**
   * Not more than fits into half of the memory that a pass may take: the other half is for what the
   * estimate does not see.
   *
   * @param bytesOfToken what a token of the longest texts takes
   * @param share bytes for this thread's passes
   */
  BatchBudget within(long bytesOfToken, long share) {
    long fitting = Math.max(BOUND_LEAST, share / 2 / bytesOfToken);
    return fitting < maxTokens ? new BatchBudget((int) fitting) : this;
  }
}
