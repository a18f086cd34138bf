package io.instructorspark.engine;

/**
 * What became of one row.
 *
 * @param vector unit vector of the model's dimension, fp32; null if the text was null or there is
 *     an error. Rows of one call with the same tokens share the array: leave it as it is
 * @param tokenCount tokens that the encoder read for it: instruction, text and {@code </s>}, over
 *     all pieces; 0 without a vector
 * @param truncated true if the text lost its end to the window
 * @param error why there is no vector, in one sentence with its remedy; null if there is no error
 */
public record Embedding(float[] vector, int tokenCount, boolean truncated, String error) {
  static final Embedding OF_NULL = new Embedding(null, 0, false, null);

  static Embedding failed(String error) {
    return new Embedding(null, 0, false, error);
  }
}
