package io.instructorspark.job.cluster;

import io.instructorspark.job.kmeans.ClusterFit;
import io.instructorspark.page.Cell;
import io.instructorspark.page.Column;
import io.instructorspark.page.LineChart;
import io.instructorspark.page.Page;
import io.instructorspark.page.PageKind;
import io.instructorspark.page.Section;
import io.instructorspark.page.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A description as a page, without scripts.
 *
 * @param curve of silhouettes, where there was a choice; else empty
 * @param chosen the number of clusters that was taken
 * @param instruction that the vectors were made with, where it is known
 * @param rows of the input
 */
record ClusterPage(
    Description description,
    List<ClusterFit.Candidate> curve,
    int chosen,
    Optional<String> instruction,
    long rows) {
  String html() {
    Page page =
        Page.of(
            PageKind.CLUSTERS,
            line("%,d clusters of %,d rows", description.groups().size(), description.rows()));
    instruction
        .filter(sentence -> !sentence.isBlank())
        .ifPresent(sentence -> page.lead("Instruction: “%s”".formatted(Page.isolated(sentence))));
    description
        .silhouette()
        .ifPresent(
            mean ->
                page.lead(
                    line(
                        "Silhouette %.3f, by cosine, from −1 to 1: how much nearer rows are to their own cluster than to the next.",
                        mean)));
    if (rows > description.rows()) {
      page.lead(
          line(
              "%,d rows are in no cluster: they have no vector with a direction.",
              rows - description.rows()));
    }
    if (curve.size() > 1) {
      page.add(Section.of("Numbers of clusters that were tried").chart(silhouettes()));
    }
    page.add(Section.of("").table(overview()));
    description.groups().forEach(group -> page.add(section(group)));
    return page.html();
  }

  private LineChart silhouettes() {
    List<LineChart.Dot> dots = new ArrayList<>();
    OptionalInt marked = OptionalInt.empty();
    for (ClusterFit.Candidate one : curve) {
      if (one.k() == chosen) {
        marked = OptionalInt.of(dots.size());
      }
      double silhouette = one.silhouette().orElse(0);
      dots.add(
          new LineChart.Dot(
              String.valueOf(one.k()), silhouette, line("%d clusters: %.4f", one.k(), silhouette)));
    }
    return new LineChart("Silhouette by number of clusters", "number of clusters", dots, marked);
  }

  private Table overview() {
    long most = description.groups().stream().mapToLong(Description.Group::size).max().orElse(1);
    List<List<Cell>> cells = new ArrayList<>();
    for (Description.Group group : description.groups()) {
      cells.add(
          List.of(
              Cell.of(String.valueOf(group.cluster())),
              Cell.link(group.name(), anchor(group)),
              Cell.of(line("%,d", group.size())),
              Cell.bar((double) group.size() / most, line("%.1f %%", share(group))),
              Cell.of(line("%.3f", group.cohesion()))));
    }
    return new Table(
        List.of(
            Column.number("Cluster"),
            Column.text("Name"),
            Column.number("Rows"),
            Column.bar("Share"),
            Column.number("Cohesion")),
        cells);
  }

  private Section section(Description.Group group) {
    Section section =
        Section.of(group.name())
            .anchor(anchor(group))
            .soft(
                line(
                    "Cluster %d · %,d rows (%.1f %%) · cohesion %.3f",
                    group.cluster(), group.size(), share(group), group.cohesion()));
    if (!group.terms().isEmpty()) {
      double most = group.terms().get(0).weight();
      section
          .heading("Terms")
          .chips(
              group.terms().stream()
                  .map(
                      term ->
                          new Section.Chip(
                              term.term(), term.weight() / most, line("%.5f", term.weight())))
                  .toList());
    }
    rows(section, "Nearest to the centre", group.nearest(), false);
    rows(section, "Most doubtful", group.doubtful(), true);
    return section;
  }

  private void rows(
      Section section, String title, List<Description.Example> rows, boolean doubtful) {
    if (rows.stream().allMatch(row -> row.text().isEmpty() && row.id().isEmpty())) {
      return;
    }
    section
        .heading(title)
        .list(
            rows.stream()
                .map(row -> new Section.Item(row.text().orElse(""), said(row, doubtful)))
                .toList());
  }

  private String said(Description.Example row, boolean doubtful) {
    String said = line("%.3f away", row.distance());
    if (doubtful && row.second().isPresent()) {
      said +=
          line(
              ", “%s” is %.4f farther",
              Page.isolated(description.name(row.second().get())), row.margin().orElse(0.0));
    }
    return row.id().map(id -> Page.isolated(id) + " · ").orElse("") + said;
  }

  private double share(Description.Group group) {
    return 100.0 * group.size() / description.rows();
  }

  private static String anchor(Description.Group group) {
    return "c" + group.cluster();
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
