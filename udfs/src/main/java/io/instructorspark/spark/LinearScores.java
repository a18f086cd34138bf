package io.instructorspark.spark;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import scala.collection.Seq;

/**
 * Probabilities of a multinomial logistic model; what travels to executors.
 *
 * @param dimension of the vectors
 * @param coefficients (class, dimension), row by row
 * @param intercepts (class)
 */
record LinearScores(int dimension, double[] coefficients, double[] intercepts)
    implements UDF1<Seq<Float>, Row> {
  @Override
  public Row call(Seq<Float> numbers) {
    float[] vector = VectorRow.vector(numbers);
    VectorRow.requireDimension(vector, dimension);
    if (VectorState.of(vector) != VectorState.USABLE) {
      return null;
    }
    double[] margins = new double[intercepts.length]; // (class)
    int best = 0;
    for (int label = 0; label < margins.length; label++) {
      double sum = intercepts[label];
      for (int i = 0; i < dimension; i++) {
        sum += coefficients[label * dimension + i] * vector[i];
      }
      margins[label] = sum;
      best = sum > margins[best] ? label : best;
    }
    return ClassScore.of(best, softmax(margins, margins[best]));
  }

  private static double[] softmax(double[] margins, double greatest) {
    double[] probabilities = new double[margins.length];
    double sum = 0;
    for (int i = 0; i < margins.length; i++) {
      probabilities[i] = Math.exp(margins[i] - greatest);
      sum += probabilities[i];
    }
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] /= sum;
    }
    return probabilities;
  }
}
