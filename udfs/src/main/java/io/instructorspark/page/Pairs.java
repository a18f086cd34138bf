package io.instructorspark.page;

import java.util.Arrays;

/**
 * Which texts of a map belong together. Arrays are copied, in and out.
 *
 * @param other of each point the place of its partner, which has this one as its partner; -1 where
 *     there is none on the map
 * @param column that says which texts are a pair
 * @param meanDistances of the two texts of a pair, by the cosine of their vectors, for each panel
 */
public record Pairs(int[] other, String column, double[] meanDistances) {
  /** Checks that partners have each other. */
  public Pairs {
    other = other.clone();
    meanDistances = meanDistances.clone();
    for (int i = 0; i < other.length; i++) {
      int partner = other[i];
      if (partner != -1
          && (partner < 0 || partner >= other.length || partner == i || other[partner] != i)) {
        throw new IllegalArgumentException(
            "point %d of a map has %d as its partner, which must be another of %d points, and have point %d as its own"
                .formatted(i, partner, other.length, i));
      }
    }
  }

  @Override
  public int[] other() {
    return other.clone();
  }

  @Override
  public double[] meanDistances() {
    return meanDistances.clone();
  }

  @Override
  public boolean equals(Object another) {
    return another instanceof Pairs pairs
        && Arrays.equals(other, pairs.other)
        && column.equals(pairs.column)
        && Arrays.equals(meanDistances, pairs.meanDistances);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(other) + column.hashCode();
  }

  @Override
  public String toString() {
    return "pairs by '%s'".formatted(column);
  }
}
