package io.instructorspark.spark;

import io.instructorspark.engine.BlockProduct;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Parts of the space of directions, each with those directions that are nearest to its centre
 * (Sivic and Zisserman 2003, "Video Google", section 4; Jégou et al. 2011, "Product quantization
 * for nearest neighbor search", section IV). Travels to executors. Immutable.
 */
final class Cells implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int dimension;
  private final float[] centres;

  /**
   * @param centres unit vectors, one after the other
   */
  Cells(int dimension, float[] centres) {
    this.dimension = dimension;
    this.centres = centres;
  }

  int count() {
    return centres.length / dimension;
  }

  /** The centre of a cell, copied. */
  float[] centre(int cell) {
    return Arrays.copyOfRange(centres, cell * dimension, (cell + 1) * dimension);
  }

  /**
   * The cells nearest to each of some directions.
   *
   * @param units unit vectors, one after the other
   * @return (directions, many) one after the other, the nearest cell first
   */
  int[] nearest(float[] units, int many, int threads) {
    if (units.length == 0) {
      return new int[0];
    }
    try (BlockProduct product = BlockProduct.of(units, dimension, threads)) {
      return product.best(centres, many);
    }
  }

  /** For each cell the directions among whose nearest it is. */
  int[][] probing(float[] units, int many, int threads) {
    int[] nearest = nearest(units, many, threads);
    int[] sizes = new int[count()];
    for (int cell : nearest) {
      sizes[cell]++;
    }
    int[][] probing = new int[count()][];
    for (int cell = 0; cell < probing.length; cell++) {
      probing[cell] = new int[sizes[cell]];
    }
    int[] filled = new int[count()];
    for (int place = 0; place < nearest.length; place++) {
      int cell = nearest[place];
      probing[cell][filled[cell]++] = place / many;
    }
    return probing;
  }
}
