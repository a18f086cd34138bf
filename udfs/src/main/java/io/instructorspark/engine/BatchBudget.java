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

  /** By the size of the model's widest intermediate and by device. */
  static BatchBudget of(T5Config config, boolean gpu) {
    int widest = Math.max(config.dFf(), 3 * config.innerSize());
    int cpu = Math.max(CPU_LEAST, Math.min(CPU_MOST, CPU_NUMBERS / widest));
    return new BatchBudget(gpu ? GPU : cpu);
  }
}
