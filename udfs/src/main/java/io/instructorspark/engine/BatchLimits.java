package io.instructorspark.engine;

import java.io.Serializable;

/**
 * How rows are gathered for forward passes.
 *
 * @param maxTokens padded tokens in one pass, at least one text whatever its length; {@link
 *     #AUTOMATIC} takes what was measured best for the model's size and device. On a processor it
 *     is lowered to what memory suffices for, as far as that is known
 * @param windowSize rows that are tokenised and sorted by length together
 */
public record BatchLimits(int maxTokens, int windowSize) implements Serializable {
  /** The engine chooses. */
  public static final int AUTOMATIC = 0;

  /** The engine's choice of tokens, and windows of 4,096 rows. */
  public static final BatchLimits DEFAULT = new BatchLimits(AUTOMATIC, 4096);

  /** Checks the ranges. */
  public BatchLimits {
    if (maxTokens < 0) {
      throw new IllegalArgumentException(
          "maxTokensPerBatch must be > 0, or 0 for the engine's choice, got %d (512 is a safe start on a CPU)"
              .formatted(maxTokens));
    }
    if (windowSize < 1) {
      throw new IllegalArgumentException(
          "windowSize must be > 0, got %d (4096 is the default)".formatted(windowSize));
    }
  }
}
