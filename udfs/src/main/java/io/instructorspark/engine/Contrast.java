package io.instructorspark.engine;

/**
 * What each pair of a batch is set against in the two-sided contrastive loss (Su et al. 2022,
 * section 2.3). The batch's texts are its queries, as many positives, and any number of negatives,
 * in this order.
 *
 * <p>Arrays are not copied: whoever makes a contrast leaves them alone.
 *
 * @param pairs queries, and positives
 * @param negatives further texts
 * @param forth (pairs, pairs + negatives), one row after the other: whether query i is set against
 *     that positive or negative; its own positive always is
 * @param back (pairs, pairs + negatives): whether positive i is set against that query or negative;
 *     its own query always is
 * @param temperature that cosines are divided by, above 0
 */
public record Contrast(
    int pairs, int negatives, boolean[] forth, boolean[] back, double temperature) {
  /** Checks sizes, and that each pair is set against itself. */
  public Contrast {
    if (pairs < 1 || negatives < 0) {
      throw new IllegalArgumentException(
          "a batch needs a pair, got %d pairs and %d negatives".formatted(pairs, negatives));
    }
    if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("temperature must be > 0, got " + temperature);
    }
    require("forth", forth, pairs, negatives);
    require("back", back, pairs, negatives);
  }

  /** Texts of the batch. */
  public int texts() {
    return 2 * pairs + negatives;
  }

  private static void require(String name, boolean[] against, int pairs, int negatives) {
    int columns = pairs + negatives;
    if (against.length != pairs * columns) {
      throw new IllegalArgumentException(
          "%s needs %d x %d entries, got %d".formatted(name, pairs, columns, against.length));
    }
    for (int i = 0; i < pairs; i++) {
      if (!against[i * columns + i]) {
        throw new IllegalArgumentException("%s leaves out pair %d itself".formatted(name, i));
      }
    }
  }
}
