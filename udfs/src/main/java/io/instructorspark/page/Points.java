package io.instructorspark.page;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The texts of a map. Arrays are copied, in and out.
 *
 * @param texts of the points; the page cuts them to 160 code points, or fewer where it would grow
 *     beyond 20 MB. A row without a text has an empty one
 * @param ids of the points; empty where there is no id column
 * @param categories of the points, by their place among the names; -1 for none
 * @param categoryNames what the points are coloured by; may be empty
 * @param colorColumn where the categories are from; empty where there are none, or where they are
 *     clusters
 * @param total rows of the data set, of which these are all or a sample
 */
public record Points(
    List<String> texts,
    Optional<List<String>> ids,
    int[] categories,
    List<String> categoryNames,
    Optional<String> colorColumn,
    long total) {
  /** Points that a page draws; of a larger data set, show a sample. */
  public static final int MOST = 50_000;

  /** Checks that there are as many of all, and not too many. */
  public Points {
    texts = List.copyOf(texts);
    ids = ids.map(List::copyOf);
    categories = categories.clone();
    categoryNames = List.copyOf(categoryNames);
    int n = texts.size();
    if (n > MOST) {
      throw new IllegalArgumentException(
          "a map of %d points is more than a page draws; give a sample of at most %d"
              .formatted(n, MOST));
    }
    if (categories.length != n || ids.map(List::size).orElse(n) != n) {
      throw new IllegalArgumentException(
          "%d texts of a map need as many categories and ids, got %d and %s"
              .formatted(n, categories.length, ids.map(List::size).orElse(n)));
    }
    if (total < n) {
      throw new IllegalArgumentException(
          "%d points cannot be of %d rows; total is the number of rows of the data set"
              .formatted(n, total));
    }
    for (int category : categories) {
      if (category < -1 || category >= categoryNames.size()) {
        throw new IllegalArgumentException(
            "a category of a point must be from -1 to %d, as there are %d names; got %d"
                .formatted(categoryNames.size() - 1, categoryNames.size(), category));
      }
    }
  }

  /** Number of points. */
  public int size() {
    return texts.size();
  }

  @Override
  public int[] categories() {
    return categories.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Points points
        && texts.equals(points.texts)
        && ids.equals(points.ids)
        && Arrays.equals(categories, points.categories)
        && categoryNames.equals(points.categoryNames)
        && colorColumn.equals(points.colorColumn)
        && total == points.total;
  }

  @Override
  public int hashCode() {
    return Objects.hash(texts, Arrays.hashCode(categories), categoryNames, total);
  }

  @Override
  public String toString() {
    return "%d of %d texts in %d categories".formatted(size(), total, categoryNames.size());
  }
}
