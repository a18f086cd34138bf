package io.instructorspark.engine;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The padded tokens that a pass may have, for one embedder: less once memory ran out, and with care
 * more again, since another task's pass may have taken it. Each time that proves wrong, the next
 * attempt waits twice as long. Not thread-safe.
 */
final class PassBudget {
  private static final Logger LOG = LoggerFactory.getLogger(PassBudget.class);

  /** Full passes that must go well before a larger one is tried. */
  static final int PATIENCE = 32;

  private static final int MOST_PATIENCE = 1 << 20;

  private final int most;
  private int tokens;
  private int patience = PATIENCE;
  private int wentWell;
  private boolean raised;
  private boolean said;

  /**
   * @param most padded tokens at the start, never exceeded
   */
  PassBudget(int most) {
    this.most = most;
    this.tokens = most;
  }

  int tokens() {
    return tokens;
  }

  /** A pass of several texts, padded to the longest, ran out of memory. */
  void tooLarge(int texts, int longest, NativeMemoryException failure) {
    tokens = (int) Math.min(tokens, (texts + 1L) / 2 * longest);
    if (!said) {
      said = true;
      LOG.warn(
          "native memory ran out in a pass of {} tokens; going on with passes of at most {}. Vectors stay the same. To keep the"
              + " speed, give the executor more memory outside its heap (spark.executor.memoryOverhead) or fewer tasks at once: {}",
          (long) texts * longest,
          tokens,
          failure.getMessage());
    }
    if (raised) {
      patience = Math.min(MOST_PATIENCE, 2 * patience);
    }
    raised = false;
    wentWell = 0;
  }

  /** A pass with that many padded tokens went well. */
  void fitted(long padded) {
    if (tokens == most || padded < tokens / 2) {
      return;
    }
    wentWell++;
    if (wentWell >= patience) {
      tokens = (int) Math.min(most, 2L * tokens);
      raised = true;
      wentWell = 0;
    }
  }
}
