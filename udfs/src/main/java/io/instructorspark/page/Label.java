package io.instructorspark.page;

/**
 * A name that is written on a map.
 *
 * @param text the name
 * @param category whose name it is, by its place among the categories; -1 for none. It is shown
 *     with that category
 * @param x first coordinate of its place
 * @param y second coordinate
 * @param z third coordinate; 0 on a map of two dimensions
 */
public record Label(String text, int category, double x, double y, double z) {
  /** Checks the place. */
  public Label {
    if (!Double.isFinite(x) || !Double.isFinite(y) || !Double.isFinite(z)) {
      throw new IllegalArgumentException(
          "the label '%s' of a map must have a place, got (%s, %s, %s)".formatted(text, x, y, z));
    }
  }
}
