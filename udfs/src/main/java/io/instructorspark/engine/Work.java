package io.instructorspark.engine;

import java.io.Serializable;

/**
 * What some rows cost. Passes that failed count nowhere but in time.
 *
 * @param texts rows that got a vector
 * @param encoded texts that the encoder read: rows with the same tokens in one call share one, a
 *     row read in pieces has one for each
 * @param tokens tokens of the encoded texts, padding left out
 * @param paddedTokens tokens of the encoded texts, padding counted
 * @param batches forward passes
 * @param tokenizerNanos time in the tokeniser
 * @param modelNanos time in forward passes, failed ones and their repetition included
 */
public record Work(
    long texts,
    long encoded,
    long tokens,
    long paddedTokens,
    long batches,
    long tokenizerNanos,
    long modelNanos)
    implements Serializable {
  /** No work. */
  public static final Work NONE = new Work(0, 0, 0, 0, 0, 0, 0);

  /** Both together. */
  public Work plus(Work other) {
    return new Work(
        texts + other.texts,
        encoded + other.encoded,
        tokens + other.tokens,
        paddedTokens + other.paddedTokens,
        batches + other.batches,
        tokenizerNanos + other.tokenizerNanos,
        modelNanos + other.modelNanos);
  }

  /** This without the other. */
  public Work minus(Work other) {
    return new Work(
        texts - other.texts,
        encoded - other.encoded,
        tokens - other.tokens,
        paddedTokens - other.paddedTokens,
        batches - other.batches,
        tokenizerNanos - other.tokenizerNanos,
        modelNanos - other.modelNanos);
  }

  /** The same with another number of rows that got a vector. */
  public Work withTexts(long other) {
    return new Work(other, encoded, tokens, paddedTokens, batches, tokenizerNanos, modelNanos);
  }

  /** The same with another number of tokens. */
  public Work withTokens(long other) {
    return new Work(texts, encoded, other, paddedTokens, batches, tokenizerNanos, modelNanos);
  }
}
