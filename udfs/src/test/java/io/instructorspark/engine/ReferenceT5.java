package io.instructorspark.engine;

import io.instructorspark.engine.RandomCheckpoint.Sizes;
import java.util.Arrays;
import java.util.Map;

/**
 * The forward pass once more, slowly and in double: a T5 v1.0 encoder (arXiv 1910.10683), the mean
 * over the text's tokens, the dense layer, the unit vector. One text at a time, so nothing is
 * padded. Shares no code with the engine.
 */
final class ReferenceT5 {
  private static final double EPSILON = 1e-6;

  private final Sizes sizes;
  private final Map<String, float[]> tensors;

  ReferenceT5(RandomCheckpoint checkpoint) {
    this.sizes = checkpoint.sizes();
    this.tensors = checkpoint.tensors();
  }

  float[] encode(int[] ids, int textStart) {
    double[][] hidden = lastHiddenStates(ids);
    double[] mean = new double[sizes.dModel()];
    for (int token = textStart; token < ids.length; token++) {
      for (int d = 0; d < mean.length; d++) {
        mean[d] += hidden[token][d] / (ids.length - textStart);
      }
    }
    double[] projected = times("linear.weight", mean);
    for (int d = 0; d < projected.length; d++) {
      if (sizes.dense().bias()) {
        projected[d] += tensors.get("linear.bias")[d];
      }
      if (sizes.dense().activation().equals("Tanh")) {
        projected[d] = Math.tanh(projected[d]);
      }
    }
    double norm = Math.sqrt(Arrays.stream(projected).map(x -> x * x).sum());
    float[] unit = new float[projected.length];
    for (int d = 0; d < unit.length; d++) {
      unit[d] = (float) (projected[d] / norm);
    }
    return unit;
  }

  private double[][] lastHiddenStates(int[] ids) {
    double[][] x = new double[ids.length][sizes.dModel()];
    for (int token = 0; token < ids.length; token++) {
      for (int d = 0; d < sizes.dModel(); d++) {
        x[token][d] = tensors.get("shared.weight")[ids[token] * sizes.dModel() + d];
      }
    }
    for (int layer = 0; layer < sizes.layers(); layer++) {
      String block = "encoder.block.%d.".formatted(layer);
      add(
          x,
          attention(block + "layer.0.SelfAttention.", rms(x, block + "layer.0.layer_norm.weight")));
      add(
          x,
          feedForward(
              block + "layer.1.DenseReluDense.", rms(x, block + "layer.1.layer_norm.weight")));
    }
    return rms(x, "encoder.final_layer_norm.weight");
  }

  private double[][] attention(String name, double[][] x) {
    int tokens = x.length;
    double[][] q = times(name + "q.weight", x);
    double[][] k = times(name + "k.weight", x);
    double[][] v = times(name + "v.weight", x);
    double[][] context = new double[tokens][sizes.inner()];
    for (int head = 0; head < sizes.heads(); head++) {
      int from = head * sizes.dKv();
      for (int query = 0; query < tokens; query++) {
        double[] weights = new double[tokens];
        for (int key = 0; key < tokens; key++) {
          weights[key] = positionBias(key - query, head);
          for (int d = from; d < from + sizes.dKv(); d++) {
            weights[key] += q[query][d] * k[key][d]; // not scaled
          }
        }
        softmax(weights);
        for (int key = 0; key < tokens; key++) {
          for (int d = from; d < from + sizes.dKv(); d++) {
            context[query][d] += weights[key] * v[key][d];
          }
        }
      }
    }
    return times(name + "o.weight", context);
  }

  private double positionBias(int keyMinusQuery, int head) {
    int oneWay = sizes.positions().buckets() / 2;
    int exact = oneWay / 2;
    int distance = Math.abs(keyMinusQuery);
    int bucket = distance;
    if (distance >= exact) {
      double far = // in float where the reference computes in float: bucket edges depend on it
          (float) Math.log((float) distance / exact)
              / (float) Math.log((double) sizes.positions().maxDistance() / exact)
              * (oneWay - exact);
      bucket = Math.min(exact + (int) far, oneWay - 1);
    }
    if (keyMinusQuery > 0) {
      bucket += oneWay;
    }
    return tensors
        .get("encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight")[
        bucket * sizes.heads() + head];
  }

  private double[][] feedForward(String name, double[][] x) {
    double[][] wide = times(name + "wi.weight", x);
    for (double[] token : wide) {
      Arrays.setAll(token, d -> Math.max(0, token[d]));
    }
    return times(name + "wo.weight", wide);
  }

  private double[][] rms(double[][] x, String name) {
    float[] weight = tensors.get(name);
    double[][] normed = new double[x.length][];
    for (int token = 0; token < x.length; token++) {
      double[] row = x[token];
      double meanSquare = Arrays.stream(row).map(a -> a * a).average().orElseThrow();
      normed[token] = new double[row.length];
      Arrays.setAll(normed[token], d -> row[d] / Math.sqrt(meanSquare + EPSILON) * weight[d]);
    }
    return normed;
  }

  private static void softmax(double[] x) {
    double max = Arrays.stream(x).max().orElseThrow();
    Arrays.setAll(x, i -> Math.exp(x[i] - max));
    double sum = Arrays.stream(x).sum();
    Arrays.setAll(x, i -> x[i] / sum);
  }

  private static void add(double[][] x, double[][] y) {
    for (int token = 0; token < x.length; token++) {
      for (int d = 0; d < x[token].length; d++) {
        x[token][d] += y[token][d];
      }
    }
  }

  private double[][] times(String matrix, double[][] x) {
    return Arrays.stream(x).map(row -> times(matrix, row)).toArray(double[][]::new);
  }

  /** A matrix (out, in) times a vector (in). */
  private double[] times(String matrix, double[] x) {
    float[] w = tensors.get(matrix);
    double[] y = new double[w.length / x.length];
    for (int out = 0; out < y.length; out++) {
      for (int in = 0; in < x.length; in++) {
        y[out] += w[out * x.length + in] * x[in];
      }
    }
    return y;
  }
}
