package io.instructorspark.page;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A map of texts to look at: points to hover over, search, filter, pin and, in three dimensions, to
 * turn; several instructions side by side, with what is chosen in one chosen in all.
 *
 * @param title of the page
 * @param points the texts
 * @param panels one map for each instruction, one or more, all of the same dimensions
 * @param pairs texts that belong together; empty where there are none
 */
public record MapPage(String title, Points points, List<Panel> panels, Optional<Pairs> pairs) {
  /** Checks that the parts fit. */
  public MapPage {
    panels = List.copyOf(panels);
    if (panels.isEmpty()) {
      throw new IllegalArgumentException("a page of maps needs one map or more");
    }
    int dims = panels.get(0).dims();
    for (Panel panel : panels) {
      panel.requirePoints(points.size());
      panel.requireCategories(points.categoryNames().size());
      if (panel.dims() != dims) {
        throw new IllegalArgumentException(
            "all maps of a page need the same number of dimensions, got %d and %d"
                .formatted(dims, panel.dims()));
      }
    }
    int maps = panels.size();
    int n = points.size();
    pairs.ifPresent(
        them -> {
          if (them.other().length != n || them.meanDistances().length != maps) {
            throw new IllegalArgumentException(
                "pairs need a partner or -1 for each of %d points, and a mean distance for each of %d maps, got %d and %d"
                    .formatted(n, maps, them.other().length, them.meanDistances().length));
          }
        });
  }

  /**
   * The whole file, to be written as UTF-8; at 50,000 points at most 20 MB. For the driver: it
   * takes some times the file's size in memory.
   */
  public String html() {
    Page page = Page.of(PageKind.MAP, title);
    addTo(page);
    return page.html();
  }

  /** Adds the maps, and the table of their figures, to a page; to one page once. */
  public void addTo(Page page) {
    page.with(
        List.of(Inlined.of("map.css")), List.of(Inlined.of(Inlined.ECHARTS), Inlined.of("map.js")));
    page.add(
        Section.of("")
            .anchor("map")
            .block(html -> html.element("p", shown(), "class", "soft"))
            .block(new MapData(this)::writeTo));
    MapFigures.of(this).ifPresent(page::add);
  }

  /** How many points there are, in words. */
  String shown() {
    String what =
        points.size() == points.total()
            ? String.format(Locale.ROOT, "%,d texts", points.size())
            : String.format(
                Locale.ROOT, "A sample: %,d of %,d texts", points.size(), points.total());
    String colored =
        points
            .colorColumn()
            .map(column -> "%s, coloured by “%s”.".formatted(what, Page.isolated(column)))
            .orElse(what + ".");
    return panels.size() == 1
        ? colored
        : colored + " Each map is turned to lie on the first, and drawn as large.";
  }
}
