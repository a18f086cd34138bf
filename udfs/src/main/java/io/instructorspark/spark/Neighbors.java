package io.instructorspark.spark;

import java.util.Arrays;
import java.util.Comparator;

/**
 * The best neighbours found so far of each of some queries: greatest similarity first, and of equal
 * ones the least id. Not thread-safe.
 */
final class Neighbors {
  private final int most;
  private final Comparator<Object> order;
  private final float[][] similarities;
  private final Object[][] ids;
  private final int[] sizes;

  /**
   * @param most neighbours of a query
   * @param order of the ids
   */
  Neighbors(int queries, int most, Comparator<Object> order) {
    this.most = most;
    this.order = order;
    this.similarities = new float[queries][];
    this.ids = new Object[queries][];
    this.sizes = new int[queries];
  }

  /** Offers a neighbour. Returns whether it is among the best. */
  boolean offer(int query, float similarity, Object id) {
    int size = sizes[query];
    if (size == most && !precedes(similarity, id, query, size - 1)) {
      return false;
    }
    makeRoom(query);
    int place = size == most ? size - 1 : size;
    float[] values = similarities[query];
    Object[] names = ids[query];
    while (place > 0 && precedes(similarity, id, query, place - 1)) {
      values[place] = values[place - 1];
      names[place] = names[place - 1];
      place--;
    }
    values[place] = similarity;
    names[place] = id;
    sizes[query] = Math.min(most, size + 1);
    return true;
  }

  private boolean precedes(float similarity, Object id, int query, int place) {
    float other = similarities[query][place];
    return similarity > other || similarity == other && order.compare(id, ids[query][place]) < 0;
  }

  private void makeRoom(int query) {
    int size = sizes[query];
    if (similarities[query] == null) {
      similarities[query] = new float[Math.min(most, 16)];
      ids[query] = new Object[similarities[query].length];
    } else if (size < most && size == similarities[query].length) {
      int room = (int) Math.min(most, 2L * size);
      similarities[query] = Arrays.copyOf(similarities[query], room);
      ids[query] = Arrays.copyOf(ids[query], room);
    }
  }

  /**
   * The similarity of the last neighbour where there are as many as may be; else negative infinity.
   */
  float least(int query) {
    return sizes[query] == most ? similarities[query][most - 1] : Float.NEGATIVE_INFINITY;
  }

  int size(int query) {
    return sizes[query];
  }

  float similarity(int query, int place) {
    return similarities[query][place];
  }

  Object id(int query, int place) {
    return ids[query][place];
  }

  /** All that was found, to travel. */
  FoundNeighbors found(long key, int checksum) {
    int queries = sizes.length;
    int[] ends = new int[queries];
    int total = 0;
    for (int i = 0; i < queries; i++) {
      total += sizes[i];
      ends[i] = total;
    }
    float[] values = new float[total];
    Object[] names = new Object[total];
    int place = 0;
    for (int i = 0; i < queries; i++) {
      for (int j = 0; j < sizes[i]; j++) {
        values[place] = similarities[i][j];
        names[place++] = ids[i][j];
      }
    }
    return new FoundNeighbors(key, checksum, ends, values, names);
  }

  /** Offers all that another search of the same queries has found. */
  void offerAll(FoundNeighbors found) {
    for (int query = 0; query < sizes.length; query++) {
      for (int place = found.begin(query); place < found.end(query); place++) {
        offer(query, found.similarity(place), found.id(place));
      }
    }
  }
}
