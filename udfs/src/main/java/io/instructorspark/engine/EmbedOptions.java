package io.instructorspark.engine;

import java.io.Serializable;
import java.util.Objects;

/**
 * How rows are worked through; no vector depends on it except that of a text that is too long.
 *
 * @param longText what becomes of texts longer than the window
 * @param limits how rows are gathered for forward passes
 * @param threads intra-op threads of the calling thread, usually {@code spark.task.cpus}
 */
public record EmbedOptions(LongText longText, BatchLimits limits, int threads)
    implements Serializable {
  /** Texts are truncated, the engine chooses the batches, one thread works. */
  public static final EmbedOptions DEFAULT =
      new EmbedOptions(LongText.TRUNCATE, BatchLimits.DEFAULT, 1);

  /** Checks presence and range. */
  public EmbedOptions {
    Objects.requireNonNull(longText, "longText");
    Objects.requireNonNull(limits, "limits");
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be > 0, got %d".formatted(threads));
    }
  }
}
