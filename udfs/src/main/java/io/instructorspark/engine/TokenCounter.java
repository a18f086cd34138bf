package io.instructorspark.engine;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.remote.Access;

/**
 * Counts tokens as the encoder would read them, with the checkpoint's tokenizer and without its
 * weights. Not thread-safe. Holds native memory: close it.
 */
public final class TokenCounter implements AutoCloseable {
  private final T5Tokenizer tokenizer;
  private final RowTokenizer rows;

  private TokenCounter(T5Tokenizer tokenizer, RowTokenizer rows) {
    this.tokenizer = tokenizer;
    this.rows = rows;
  }

  /**
   * Reads the tokenizer.
   *
   * @throws io.instructorspark.checkpoint.CheckpointException if the checkpoint cannot be reached
   *     or read, or is not the one the driver saw
   * @throws EngineException if it is no T5 tokenizer
   */
  public static TokenCounter open(ModelSpec spec, Access access, EmbedOptions options) {
    Checkpoint checkpoint = Checkpoint.open(spec.location(), access, spec.fingerprint());
    T5Tokenizer tokenizer = new T5Tokenizer(checkpoint.tokenizerJson(), checkpoint.location());
    return new TokenCounter(
        tokenizer, new RowTokenizer(tokenizer, spec, checkpoint.doLowerCase(), options.longText()));
  }

  /**
   * What {@link Embedding#tokenCount} would be: tokens of instruction, text and {@code </s>} within
   * the window, over all pieces; 0 for what cannot be embedded.
   *
   * @param instruction null is the empty instruction
   */
  public int count(String instruction, String text) {
    return rows.tokenize(0, instruction == null ? "" : instruction, text).pieces().stream()
        .mapToInt(piece -> piece.ids().length)
        .sum();
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
