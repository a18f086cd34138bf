package io.instructorspark.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/** Vectors of a corpus with the ids of their rows; equal vectors may be held once. Immutable. */
final class CorpusBlock implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Of blocks that are of no cell. */
  static final int NO_CELL = -1;

  private final int dimension;
  private final int cell;
  private final float[] vectors;
  private final int[] firstIds;
  private final Object[] ids;
  private final long[] leftOut;

  /** Of the vectors; null until somebody asks. Whoever computes them gets the same. */
  private transient volatile double[] squares;

  /**
   * @param cell that all vectors lie in; {@link #NO_CELL} for none
   * @param vectors one after the other
   * @param firstIds for each vector where its ids begin, then where the last one's end
   * @param ids as Spark's rows hold them, in order for each vector
   * @param leftOut rows that were seen and have no direction, by their {@link VectorState}
   */
  CorpusBlock(
      int dimension, int cell, float[] vectors, int[] firstIds, Object[] ids, long[] leftOut) {
    this.dimension = dimension;
    this.cell = cell;
    this.vectors = vectors;
    this.firstIds = firstIds;
    this.ids = ids;
    this.leftOut = leftOut;
  }

  /** The blocks' vectors in one; all of one cell. */
  static CorpusBlock of(List<CorpusBlock> blocks) {
    int vectorCount = blocks.stream().mapToInt(CorpusBlock::count).sum();
    int dimension = blocks.get(0).dimension;
    float[] vectors = new float[vectorCount * dimension];
    int[] firstIds = new int[vectorCount + 1];
    Object[] ids = new Object[blocks.stream().mapToInt(CorpusBlock::rows).sum()];
    int vector = 0;
    int id = 0;
    for (CorpusBlock block : blocks) {
      System.arraycopy(block.vectors, 0, vectors, vector * dimension, block.vectors.length);
      System.arraycopy(block.ids, 0, ids, id, block.ids.length);
      for (int i = 0; i < block.count(); i++) {
        firstIds[vector++] = id + block.firstIds[i];
      }
      id += block.ids.length;
    }
    firstIds[vectorCount] = id;
    return new CorpusBlock(dimension, blocks.get(0).cell, vectors, firstIds, ids, new long[0]);
  }

  /** Some of the vectors, which lie in a cell. */
  CorpusBlock inCell(int some, int[] places) {
    float[] few = new float[places.length * dimension];
    int[] first = new int[places.length + 1];
    for (int i = 0; i < places.length; i++) {
      System.arraycopy(vectors, places[i] * dimension, few, i * dimension, dimension);
      first[i + 1] = first[i] + firstIds[places[i] + 1] - firstIds[places[i]];
    }
    Object[] names = new Object[first[places.length]];
    for (int i = 0; i < places.length; i++) {
      System.arraycopy(ids, firstIds[places[i]], names, first[i], first[i + 1] - first[i]);
    }
    return new CorpusBlock(dimension, some, few, first, names, new long[0]);
  }

  /** The cell that all vectors lie in; {@link #NO_CELL} for none. */
  int cell() {
    return cell;
  }

  /** Of the vectors; 0 where there are none. */
  int dimension() {
    return dimension;
  }

  /** Vectors. */
  int count() {
    return firstIds.length - 1;
  }

  /** Rows of the corpus, each with an id. */
  int rows() {
    return ids.length;
  }

  long leftOut(VectorState state) {
    return leftOut.length == 0 ? 0 : leftOut[state.ordinal()];
  }

  /** The vectors' directions; their squares are kept for the next who asks. */
  Directions directions(float[] centre) {
    if (centre.length > 0) {
      return Directions.of(vectors, dimension, centre);
    }
    double[] known = squares;
    if (known == null) {
      known = Directions.squares(vectors, dimension);
      squares = known;
    }
    return Directions.of(vectors, dimension, known);
  }

  int firstId(int vector) {
    return firstIds[vector];
  }

  int endOfIds(int vector) {
    return firstIds[vector + 1];
  }

  Object id(int place) {
    return ids[place];
  }

  Object[] ids() {
    return ids;
  }

  /** A vector, copied. */
  float[] vector(int vector) {
    return Arrays.copyOfRange(vectors, vector * dimension, (vector + 1) * dimension);
  }

  /** Adds the vectors, each as often as it has ids. */
  void addTo(double[] sums) {
    for (int i = 0; i < count(); i++) {
      int times = firstIds[i + 1] - firstIds[i];
      for (int j = 0; j < dimension; j++) {
        sums[j] += (double) times * vectors[i * dimension + j];
      }
    }
  }
}
