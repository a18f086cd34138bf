package io.instructorspark.spark;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;

/** Rows that neighbours are looked for, with their vectors. Immutable. */
final class QueryBlock implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long key;
  private final int dimension;
  private final UnsafeRow[] rows;
  private final int[] places;
  private final float[] vectors;
  private final Object[] ids;

  /**
   * @param key names the block among all
   * @param rows all of them, also those without a direction
   * @param places for each row its place among the vectors; -1 for none
   * @param vectors one after the other
   * @param ids for each vector the id of its row; empty where rows may be their own neighbours
   */
  QueryBlock(
      long key, int dimension, UnsafeRow[] rows, int[] places, float[] vectors, Object[] ids) {
    this.key = key;
    this.dimension = dimension;
    this.rows = rows;
    this.places = places;
    this.vectors = vectors;
    this.ids = ids;
  }

  long key() {
    return key;
  }

  int count() {
    return vectors.length / dimension;
  }

  UnsafeRow[] rows() {
    return rows;
  }

  /** The place of a row's vector; -1 where it has none. */
  int place(int row) {
    return places[row];
  }

  /** The id of a vector's row, which is not its own neighbour; null where it may be. */
  Object id(int vector) {
    return ids.length == 0 ? null : ids[vector];
  }

  Directions directions(float[] centre) {
    return Directions.of(vectors, dimension, centre);
  }

  /**
   * Tells whether a block of this key that was made again has the same vectors in the same order.
   */
  int checksum() {
    return Arrays.hashCode(vectors);
  }
}
