package io.instructorspark.engine;

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
    long modelNanos) {
  /** The same with another number of rows that got a vector. */
  public Work withTexts(long other) {
    return new Work(other, encoded, tokens, paddedTokens, batches, tokenizerNanos, modelNanos);
  }
}
