package io.instructorspark.spark;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/**
 * The orthogonal Procrustes problem: how to turn, and if need be mirror, points so that they lie as
 * near as possible to others (Schönemann, 1966). Pure functions.
 */
final class Procrustes {
  private Procrustes() {}

  /**
   * The orthogonal matrix R with the least sum of squared distances between {@code R from} and
   * {@code to}.
   *
   * @param from points one after the other, (points, dimensions)
   * @param to as many points
   */
  static double[][] turn(float[] from, float[] to, int dimensions) {
    double[][] products = new double[dimensions][dimensions];
    for (int point = 0; point < from.length; point += dimensions) {
      for (int i = 0; i < dimensions; i++) {
        for (int j = 0; j < dimensions; j++) {
          products[i][j] += (double) to[point + i] * from[point + j];
        }
      }
    }
    SingularValueDecomposition parts =
        new SingularValueDecomposition(new Array2DRowRealMatrix(products));
    return parts.getU().multiply(parts.getVT()).getData();
  }

  /** A matrix times a point. */
  static double[] turned(double[][] turn, double[] point) {
    double[] turned = new double[point.length];
    for (int i = 0; i < point.length; i++) {
      for (int j = 0; j < point.length; j++) {
        turned[i] += turn[i][j] * point[j];
      }
    }
    return turned;
  }
}
