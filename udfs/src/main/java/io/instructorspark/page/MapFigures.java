package io.instructorspark.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The figures of a page's maps as a table: a row for each figure, a column for each map. */
final class MapFigures {
  private final List<Panel> panels;
  private final List<List<Cell>> rows = new ArrayList<>();

  private MapFigures(List<Panel> panels) {
    this.panels = panels;
  }

  /** The table; empty where there is no figure. */
  static Optional<Section> of(MapPage page) {
    MapFigures figures = new MapFigures(page.panels());
    figures.variance();
    figures.pairs(page.pairs());
    figures.others();
    return figures.rows.isEmpty()
        ? Optional.empty()
        : Optional.of(Section.of("Figures").table(figures.table()));
  }

  private void variance() {
    if (panels.stream().anyMatch(panel -> panel.explainedVariance().length > 0)) {
      row(
          "Explained variance",
          "how much of the differences between the vectors is on the map, by axis",
          place -> share(panels.get(place).explainedVariance()));
    }
  }

  private static Optional<String> share(double[] axes) {
    if (axes.length == 0) {
      return Optional.empty();
    }
    double sum = 0;
    List<String> each = new ArrayList<>();
    for (double axis : axes) {
      sum += axis;
      each.add(String.format(Locale.ROOT, "%.1f", 100 * axis));
    }
    return Optional.of(
        String.format(Locale.ROOT, "%.1f %% (%s)", 100 * sum, String.join(" + ", each)));
  }

  private void pairs(Optional<Pairs> pairs) {
    pairs.ifPresent(
        them -> {
          double[] means = them.meanDistances();
          row(
              "Mean distance of pairs",
              "by the cosine of the vectors of two texts with the same “%s”, from 0 to 2"
                  .formatted(Page.isolated(them.column())),
              place -> Optional.of(number(means[place])));
        });
  }

  private static String number(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4f", value) : "–";
  }

  private void others() {
    Map<String, String> explanations = new LinkedHashMap<>();
    panels.stream()
        .flatMap(panel -> panel.figures().stream())
        .forEach(figure -> explanations.putIfAbsent(figure.name(), figure.explanation()));
    explanations.forEach(
        (name, explanation) ->
            row(
                name,
                explanation,
                place ->
                    panels.get(place).figures().stream()
                        .filter(figure -> figure.name().equals(name))
                        .map(Figure::value)
                        .findFirst()));
  }

  private void row(String name, String explanation, IntFunction<Optional<String>> value) {
    List<Cell> row = new ArrayList<>();
    row.add(Cell.of(name, explanation));
    IntStream.range(0, panels.size())
        .forEach(place -> row.add(Cell.of(value.apply(place).orElse("–"))));
    rows.add(row);
  }

  private Table table() {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.text(""));
    panels.forEach(panel -> columns.add(Column.number(panel.heading())));
    return new Table(columns, rows);
  }
}
