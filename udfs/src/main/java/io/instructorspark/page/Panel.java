package io.instructorspark.page;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The map of one instruction. Arrays are copied, in and out.
 *
 * @param instruction the sentence; may be empty
 * @param dims 2 or 3
 * @param coordinates of the points, {@code n × dims}, point by point; where there are several
 *     panels, turned so that they lie on each other as well as they can
 * @param explainedVariance of each axis, as a share of 1; may be empty where that is not known
 * @param figures how well the map separates, and the like; may be empty
 * @param neighbors of each point the nearest by their vectors, {@code n × k}, point by point, as
 *     places of points, the nearest first; -1 where there are fewer. Empty where they are not known
 * @param labels names to write on the map; may be empty
 */
public record Panel(
    String instruction,
    int dims,
    float[] coordinates,
    double[] explainedVariance,
    List<Figure> figures,
    int[] neighbors,
    List<Label> labels) {
  /** Checks what can be checked of a panel alone. */
  public Panel {
    coordinates = coordinates.clone();
    explainedVariance = explainedVariance.clone();
    figures = List.copyOf(figures);
    neighbors = neighbors.clone();
    labels = List.copyOf(labels);
    if (dims != 2 && dims != 3) {
      throw new IllegalArgumentException("a map has 2 or 3 dimensions, got " + dims);
    }
    if (explainedVariance.length != 0 && explainedVariance.length != dims) {
      throw new IllegalArgumentException(
          "a map of %d dimensions has a share of the variance for each, got %d"
              .formatted(dims, explainedVariance.length));
    }
    for (float coordinate : coordinates) {
      if (!Float.isFinite(coordinate)) {
        throw new IllegalArgumentException(
            "the coordinates of a map must be finite, got %s; leave out rows without a vector"
                .formatted(coordinate));
      }
    }
  }

  /** Checks that the panel is of so many points. */
  void requirePoints(int n) {
    if (coordinates.length != n * dims) {
      throw new IllegalArgumentException(
          "the map of '%s' needs %d coordinates, %d for each of %d points, got %d"
              .formatted(instruction, n * dims, dims, n, coordinates.length));
    }
    if (n == 0 ? neighbors.length != 0 : neighbors.length % n != 0) {
      throw new IllegalArgumentException(
          "the map of '%s' needs as many neighbours for each of %d points, got %d in all"
              .formatted(instruction, n, neighbors.length));
    }
    for (int neighbor : neighbors) {
      if (neighbor < -1 || neighbor >= n) {
        throw new IllegalArgumentException(
            "a neighbour on the map of '%s' must be the place of one of %d points, or -1, got %d"
                .formatted(instruction, n, neighbor));
      }
    }
  }

  /** Checks that names on the map are those of so many categories. */
  void requireCategories(int count) {
    for (Label label : labels) {
      if (label.category() < -1 || label.category() >= count) {
        throw new IllegalArgumentException(
            "the label '%s' must be that of one of %d categories, or -1, got %d"
                .formatted(label.text(), count, label.category()));
      }
    }
  }

  /** The instruction, or that there is none. */
  String heading() {
    return instruction.isBlank() ? "no instruction" : instruction.strip();
  }

  @Override
  public float[] coordinates() {
    return coordinates.clone();
  }

  @Override
  public double[] explainedVariance() {
    return explainedVariance.clone();
  }

  @Override
  public int[] neighbors() {
    return neighbors.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Panel panel
        && instruction.equals(panel.instruction)
        && dims == panel.dims
        && Arrays.equals(coordinates, panel.coordinates)
        && Arrays.equals(explainedVariance, panel.explainedVariance)
        && figures.equals(panel.figures)
        && Arrays.equals(neighbors, panel.neighbors)
        && labels.equals(panel.labels);
  }

  @Override
  public int hashCode() {
    return Objects.hash(instruction, dims, Arrays.hashCode(coordinates));
  }

  @Override
  public String toString() {
    return "map of '%s' in %d dimensions".formatted(instruction, dims);
  }
}
