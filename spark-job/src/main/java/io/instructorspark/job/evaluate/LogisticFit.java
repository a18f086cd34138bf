package io.instructorspark.job.evaluate;

import java.util.List;

/**
 * Logistic regression on vectors that lie on one machine, with the objective of scikit-learn's
 * default, C = 1: the sum of log losses and half the squared weights, the intercepts free;
 * multinomial for three classes or more, one weight vector for two. At most {@value
 * #MOST_ITERATIONS} iterations of {@link Lbfgs} (paper section 3, as in MTEB). MLlib's would start
 * some jobs for each iteration, and there are hundreds of small fits.
 *
 * @param weights (dimension + 1, outputs), the intercepts last
 * @param outputs one for two classes, else one for each class
 */
record LogisticFit(double[] weights, int outputs) {
  private static final int MOST_ITERATIONS = 100;
  private static final double TOLERANCE = 1e-4;

  /**
   * Fits.
   *
   * @param vectors (rows, dimension)
   * @param labels from 0 to below {@code classes}; (rows)
   * @param classes two or more
   */
  static LogisticFit of(List<float[]> vectors, int[] labels, int classes) {
    int outputs = classes == 2 ? 1 : classes;
    Loss loss = new Loss(vectors, labels, outputs);
    return new LogisticFit(
        new Lbfgs(MOST_ITERATIONS, TOLERANCE).minimum(loss, (vectors.get(0).length + 1) * outputs),
        outputs);
  }

  /** The class of a vector. */
  int predict(float[] vector) {
    double[] scores = new double[outputs];
    scores(vector, weights, scores);
    if (outputs == 1) {
      return scores[0] > 0 ? 1 : 0;
    }
    int best = 0;
    for (int k = 1; k < outputs; k++) {
      best = scores[k] > scores[best] ? k : best;
    }
    return best;
  }

  private static void scores(float[] vector, double[] weights, double[] scores) {
    int outputs = scores.length;
    System.arraycopy(weights, vector.length * outputs, scores, 0, outputs);
    for (int d = 0; d < vector.length; d++) {
      double x = vector[d];
      int at = d * outputs;
      for (int k = 0; k < outputs; k++) {
        scores[k] += x * weights[at + k];
      }
    }
  }

  /** The mean over rows, so that the tolerance means the same for few and for many. */
  private record Loss(List<float[]> vectors, int[] labels, int outputs) implements Lbfgs.Function {
    @Override
    public double at(double[] weights, double[] gradient) {
      double[] scores = new double[outputs];
      double loss = 0;
      for (int i = 0; i < labels.length; i++) {
        scores(vectors.get(i), weights, scores);
        loss += outputs == 1 ? ofTwo(scores, labels[i]) : ofMany(scores, labels[i]);
        add(vectors.get(i), scores, gradient);
      }
      int penalised = weights.length - outputs;
      for (int i = 0; i < weights.length; i++) {
        double weight = i < penalised ? weights[i] : 0;
        loss += weight * weight / 2;
        gradient[i] = (gradient[i] + weight) / labels.length;
      }
      return loss / labels.length;
    }

    /** The loss of a row; its scores become their derivatives. */
    private static double ofTwo(double[] scores, int label) {
      double score = scores[0];
      double signed = label == 1 ? -score : score;
      scores[0] = 1 / (1 + Math.exp(-score)) - label;
      return Math.max(0, signed) + Math.log1p(Math.exp(-Math.abs(signed)));
    }

    private static double ofMany(double[] scores, int label) {
      double most = Double.NEGATIVE_INFINITY;
      for (double score : scores) {
        most = Math.max(most, score);
      }
      double own = scores[label];
      double sum = 0;
      for (int k = 0; k < scores.length; k++) {
        scores[k] = Math.exp(scores[k] - most);
        sum += scores[k];
      }
      for (int k = 0; k < scores.length; k++) {
        scores[k] /= sum;
      }
      scores[label] -= 1;
      return Math.log(sum) + most - own;
    }

    private static void add(float[] vector, double[] derivatives, double[] gradient) {
      int outputs = derivatives.length;
      for (int d = 0; d < vector.length; d++) {
        double x = vector[d];
        int at = d * outputs;
        for (int k = 0; k < outputs; k++) {
          gradient[at + k] += x * derivatives[k];
        }
      }
      int last = vector.length * outputs;
      for (int k = 0; k < outputs; k++) {
        gradient[last + k] += derivatives[k];
      }
    }
  }
}
