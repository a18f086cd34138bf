package io.instructorspark.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Random;

/**
 * Prints how fast blocks are searched for the best ten, against the product alone of 4096 by 4096
 * vectors, on one thread of this JVM. Arguments: dimensions.
 */
public final class BlockProductSpeed {
  private static final int SIDE = 4096;
  private static final int QUERIES = 8192;
  private static final int ROWS = 50_000;
  private static final int K = 10;

  private BlockProductSpeed() {}

  public static void main(String[] args) {
    for (String dimension : args) {
      int d = Integer.parseInt(dimension);
      for (int round = 0; round < 3; round++) {
        double product = product(d);
        double search = search(d);
        System.out.printf(
            "dimension %d: product %.1f GFLOP/s, search %.1f GFLOP/s, ratio %.3f%n",
            d, product, search, search / product);
      }
    }
  }

  private static double product(int d) {
    LibTorch.engine();
    LibTorch.useThreads(1);
    try (NDManager scope = LibTorch.engine().newBaseManager(Device.cpu());
        NDArray q = scope.randomNormal(new Shape(SIDE, d));
        NDArray c = scope.randomNormal(new Shape(SIDE, d))) {
      double best = 0;
      for (int i = 0; i < 4; i++) {
        long start = System.nanoTime();
        q.matMul(c.transpose()).close();
        best = Math.max(best, 2.0 * SIDE * SIDE * d / (System.nanoTime() - start));
      }
      return best;
    }
  }

  private static double search(int d) {
    float[] q = vectors(QUERIES, d, 1);
    float[][] blocks = new float[(ROWS + 8191) / 8192][];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = vectors(Math.min(8192, ROWS - i * 8192), d, 2 + i);
    }
    long start = System.nanoTime();
    float[] least = new float[QUERIES];
    Arrays.fill(least, Float.NEGATIVE_INFINITY);
    float[][] best = new float[QUERIES][K];
    for (float[] all : best) {
      Arrays.fill(all, Float.NEGATIVE_INFINITY);
    }
    long pairs = 0;
    long[] found = new long[1];
    try (BlockProduct product = BlockProduct.of(q, d, 1)) {
      for (float[] block : blocks) {
        pairs += (long) QUERIES * (block.length / d);
        product.reaching(
            block,
            K,
            least,
            (query, row) -> {
              found[0]++;
              float value = (float) Cosine.product(q, query * d, block, row * d, d);
              float[] all = best[query];
              if (value > all[0]) {
                all[0] = value;
                Arrays.sort(all);
                least[query] = all[0];
              }
            });
      }
    }
    double rate = 2.0 * pairs * d / (System.nanoTime() - start);
    System.out.printf("  %d candidates a query%n", found[0] / QUERIES);
    return rate;
  }

  /** Unit vectors that crowd around a few directions. */
  private static float[] vectors(int count, int d, long seed) {
    Random directions = new Random(0);
    float[] centres = new float[50 * d];
    for (int i = 0; i < centres.length; i++) {
      centres[i] = (float) directions.nextGaussian();
    }
    Random random = new Random(seed);
    float[] values = new float[count * d];
    for (int i = 0; i < count; i++) {
      int centre = random.nextInt(50) * d;
      for (int j = 0; j < d; j++) {
        values[i * d + j] = centres[centre + j] + (float) random.nextGaussian();
      }
      double length = Math.sqrt(Cosine.square(values, i * d, d));
      for (int j = 0; j < d; j++) {
        values[i * d + j] /= (float) length;
      }
    }
    return values;
  }
}
