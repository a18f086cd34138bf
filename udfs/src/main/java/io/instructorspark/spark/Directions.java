package io.instructorspark.spark;

import io.instructorspark.engine.Cosine;
import java.util.Arrays;

/**
 * Vectors of a block as cosines are taken of them: with the mean taken off where that is asked, and
 * their units. Made for one task and not kept.
 */
final class Directions {
  /** Numbers whose products with a vector's are rounded in their last place alone. */
  private static final float LEAST_INVERSE = 1e-30f;

  private static final float GREATEST_INVERSE = 1e30f;

  private final int dimension;
  private final float[] values;
  private final double[] squares;
  private final float[] units;

  private Directions(int dimension, float[] values, double[] squares) {
    this.dimension = dimension;
    this.values = values;
    this.squares = squares;
    this.units = new float[values.length];
    for (int i = 0; i < squares.length; i++) {
      int from = i * dimension;
      double length = Math.sqrt(squares[i]);
      float inverse = (float) (1 / length);
      if (inverse > LEAST_INVERSE && inverse < GREATEST_INVERSE) {
        for (int j = from; j < from + dimension; j++) {
          units[j] = values[j] * inverse;
        }
      } else {
        for (int j = from; j < from + dimension && length > 0; j++) {
          units[j] = (float) (values[j] / length);
        }
      }
    }
  }

  /**
   * @param vectors one after the other
   * @param centre what is taken off each; empty for nothing
   */
  static Directions of(float[] vectors, int dimension, float[] centre) {
    if (centre.length == 0) {
      return of(vectors, dimension, squares(vectors, dimension));
    }
    float[] centred = Arrays.copyOf(vectors, vectors.length);
    for (int i = 0; i < centred.length; i++) {
      centred[i] -= centre[i % dimension];
    }
    return of(centred, dimension, squares(centred, dimension));
  }

  /**
   * @param squares of the vectors, as {@link #squares} has them
   */
  static Directions of(float[] vectors, int dimension, double[] squares) {
    return new Directions(dimension, vectors, squares);
  }

  /** The sum of squares of each vector. */
  static double[] squares(float[] vectors, int dimension) {
    double[] squares = new double[vectors.length / dimension];
    for (int i = 0; i < squares.length; i++) {
      squares[i] = Cosine.square(vectors, i * dimension, dimension);
    }
    return squares;
  }

  int count() {
    return squares.length;
  }

  /** Unit vectors one after the other; zeros where there is no direction. */
  float[] units() {
    return units;
  }

  boolean hasDirection(int row) {
    return squares[row] > 0;
  }

  /** Vectors without a direction: those that equal the centre. */
  int withoutDirection() {
    return (int) Arrays.stream(squares).filter(square -> square == 0).count();
  }

  /** The cosine of one of these and one of others, both of which have a direction. */
  float cosine(int row, Directions others, int other) {
    double product =
        Cosine.product(values, row * dimension, others.values, other * dimension, dimension);
    return Cosine.of(product, squares[row], others.squares[other]);
  }
}
