package io.instructorspark.engine;

/**
 * The settings of AdamW (Loshchilov and Hutter 2019, algorithm 2). Token embeddings have a rate of
 * their own; only matrices decay: neither embeddings, norms, biases nor the table of position
 * biases do.
 *
 * @param rate learning rate of everything but the token embeddings, at least 0
 * @param embeddingRate learning rate of the token embeddings, at least 0
 * @param decay share of the rate by which matrices shrink
 * @param beta1 of the mean of gradients, from 0 to below 1
 * @param beta2 of the mean of their squares, from 0 to below 1
 * @param epsilon added to the root of the second mean, above 0
 */
public record AdamW(
    double rate, double embeddingRate, double decay, double beta1, double beta2, double epsilon) {
  /** Checks the ranges. */
  public AdamW {
    atLeast0("rate", rate);
    atLeast0("embeddingRate", embeddingRate);
    atLeast0("decay", decay);
    below1("beta1", beta1);
    below1("beta2", beta2);
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException("epsilon must be > 0, got " + epsilon);
    }
  }

  /** The same with both rates times a factor, as a schedule asks for. */
  public AdamW times(double factor) {
    return new AdamW(rate * factor, embeddingRate * factor, decay, beta1, beta2, epsilon);
  }

  private static void atLeast0(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("%s must be >= 0, got %s".formatted(name, value));
    }
  }

  private static void below1(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          "%s must be from 0 to below 1, got %s".formatted(name, value));
    }
  }
}
