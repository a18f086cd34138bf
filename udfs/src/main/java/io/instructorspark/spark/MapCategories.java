package io.instructorspark.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;

/**
 * What points are coloured by.
 *
 * @param places of each point the place of its category among the names; -1 for none
 * @param names of the categories, those with the most points first, or ranges in order
 */
record MapCategories(int[] places, List<String> names) {
  /** More colours than this nobody tells apart. */
  private static final int MOST = 24;

  private static final int RANGES = 8;
  private static final String OTHERS = "(others)";

  /**
   * @param values of the points as strings, null for none
   * @param type of the column that they are from
   */
  static MapCategories of(List<String> values, Optional<DataType> type) {
    Map<String, Long> counts =
        values.stream()
            .filter(Objects::nonNull)
            .collect(Collectors.groupingBy(value -> value, Collectors.counting()));
    boolean many = counts.size() > MOST;
    if (many
        && (type.filter(NumericType.class::isInstance).isPresent()
            || counts.keySet().stream().allMatch(MapCategories::isNumber))) {
      return ranges(values);
    }
    List<String> names =
        counts.entrySet().stream()
            .sorted(
                Comparator.comparingLong((Map.Entry<String, Long> entry) -> -entry.getValue())
                    .thenComparing(Map.Entry::getKey))
            .map(Map.Entry::getKey)
            .toList();
    List<String> shown = new ArrayList<>(many ? names.subList(0, MOST - 1) : names);
    Map<String, Integer> places = new HashMap<>();
    shown.forEach(name -> places.put(name, places.size()));
    if (many) {
      shown.add(OTHERS);
    }
    int others = shown.size() - 1;
    return new MapCategories(
        values.stream()
            .mapToInt(value -> value == null ? -1 : places.getOrDefault(value, many ? others : -1))
            .toArray(),
        List.copyOf(shown));
  }

  /** As a column of a text file has it. */
  private static boolean isNumber(String value) {
    return value.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?");
  }

  /** Ranges with as many points each, as far as equal numbers allow; NaN is in none. */
  private static MapCategories ranges(List<String> values) {
    double[] numbers =
        values.stream()
            .mapToDouble(value -> value == null ? Double.NaN : Double.parseDouble(value))
            .toArray();
    double[] sorted =
        Arrays.stream(numbers).filter(number -> !Double.isNaN(number)).sorted().toArray();
    double[] starts =
        java.util.stream.IntStream.range(0, RANGES)
            .mapToDouble(range -> sorted[(int) ((long) range * sorted.length / RANGES)])
            .distinct()
            .toArray();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < starts.length; i++) {
      names.add(
          i + 1 < starts.length
              ? "%s to below %s".formatted(shown(starts[i]), shown(starts[i + 1]))
              : "%s to %s".formatted(shown(starts[i]), shown(sorted[sorted.length - 1])));
    }
    int[] places =
        Arrays.stream(numbers)
            .mapToInt(number -> Double.isNaN(number) ? -1 : range(starts, number))
            .toArray();
    return new MapCategories(places, names);
  }

  private static int range(double[] starts, double number) {
    int found = Arrays.binarySearch(starts, number);
    return found >= 0 ? found : -found - 2;
  }

  private static String shown(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }
}
