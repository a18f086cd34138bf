package io.instructorspark.engine;

import io.instructorspark.checkpoint.T5Config;

/**
 * The native memory that one forward pass takes on a processor beside the weights, by sizes alone:
 * not less than it is, and at most twice as much where a pass is larger than what it takes to call
 * it.
 *
 * @param config the encoder's sizes
 * @param precision numbers of the matrix products
 */
record PassMemory(T5Config config, Precision precision) {
  private static final int FLOAT_BYTES = Float.BYTES;

  /** Bytes at the peak of a pass over texts that are padded to {@code tokens}. */
  long bytes(int texts, int tokens) {
    return texts * (long) tokens * bytesOfToken(tokens);
  }

  /** A token's part of that: the longer its text, the more positions it attends to. */
  long bytesOfToken(int tokens) {
    return Math.max(attention(tokens), feedForward(tokens));
  }

  /** Residual stream and norm; query, key and value, and copies of two; bias, scores, softmax. */
  private long attention(int tokens) {
    int numbers = precision.bytes();
    long stream = 2L * config.dModel() * FLOAT_BYTES;
    long projections = 5L * config.innerSize() * numbers;
    long scores = numbers + 2L * FLOAT_BYTES;
    return stream + projections + scores * config.numHeads() * tokens;
  }

  /** Residual stream, norm and sum; the feed-forward layer's; the bias, which stays. */
  private long feedForward(int tokens) {
    int numbers = precision.bytes();
    long stream = 3L * config.dModel() * FLOAT_BYTES;
    long layer = (long) config.dFf() * numbers;
    return stream + layer + (long) numbers * config.numHeads() * tokens;
  }
}
