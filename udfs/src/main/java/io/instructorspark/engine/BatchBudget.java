package io.instructorspark.engine;

import io.instructorspark.checkpoint.T5Config;

/**
 * The padded tokens of one forward pass where nobody says a number: enough that the work of a pass
 * outweighs the calls that make it, few enough that its intermediates stay in the processor's
 * cache.
 *
 * @param maxTokens padded tokens
 */
record BatchBudget(int maxTokens) {
  /** By the size of the model's widest intermediate and by device. */
  static BatchBudget of(T5Config config, boolean gpu) {
    if (gpu) {
      return new BatchBudget(65_536);
    }
    int widest = Math.max(config.dFf(), 3 * config.innerSize());
    return new BatchBudget(Math.max(512, Math.min(4096, 1_572_864 / widest)));
  }
}
