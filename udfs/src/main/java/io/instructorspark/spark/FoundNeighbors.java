package io.instructorspark.spark;

import java.io.Serializable;

/** The neighbours of a block of queries in a part of the corpus. Immutable. */
final class FoundNeighbors implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long key;
  private final int checksum;
  private final int[] ends;
  private final float[] similarities;
  private final Object[] ids;

  /**
   * @param key of the block
   * @param checksum of the block's vectors
   * @param ends for each query where its neighbours end
   * @param similarities greatest first within a query
   * @param ids of the neighbours
   */
  FoundNeighbors(long key, int checksum, int[] ends, float[] similarities, Object[] ids) {
    this.key = key;
    this.checksum = checksum;
    this.ends = ends;
    this.similarities = similarities;
    this.ids = ids;
  }

  long key() {
    return key;
  }

  int checksum() {
    return checksum;
  }

  int queries() {
    return ends.length;
  }

  int begin(int query) {
    return query == 0 ? 0 : ends[query - 1];
  }

  int end(int query) {
    return ends[query];
  }

  float similarity(int place) {
    return similarities[place];
  }

  Object id(int place) {
    return ids[place];
  }
}
