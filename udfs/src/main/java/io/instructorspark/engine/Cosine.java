package io.instructorspark.engine;

/**
 * Cosines of vectors in double precision: a pair has the same one wherever and beside whatever it
 * is computed. Pure functions.
 */
public final class Cosine {
  private Cosine() {}

  /** The sum of squares of a vector that begins at a place of {@code values}. */
  public static double square(float[] values, int from, int dimension) {
    return product(values, from, values, from, dimension);
  }

  /** The inner product of two vectors that begin at places of {@code left} and {@code right}. */
  public static double product(
      float[] left, int leftFrom, float[] right, int rightFrom, int dimension) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0; // four sums, which the processor adds to at once
    int i = 0;
    for (; i + 3 < dimension; i += 4) {
      a += (double) left[leftFrom + i] * right[rightFrom + i];
      b += (double) left[leftFrom + i + 1] * right[rightFrom + i + 1];
      c += (double) left[leftFrom + i + 2] * right[rightFrom + i + 2];
      d += (double) left[leftFrom + i + 3] * right[rightFrom + i + 3];
    }
    for (; i < dimension; i++) {
      a += (double) left[leftFrom + i] * right[rightFrom + i];
    }
    return a + b + (c + d);
  }

  /** The cosine of two vectors by their product and their squares, none of which is 0. */
  public static float of(double product, double leftSquare, double rightSquare) {
    return (float) (product / Math.sqrt(leftSquare * rightSquare));
  }
}
