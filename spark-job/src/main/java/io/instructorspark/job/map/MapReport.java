package io.instructorspark.job.map;

import io.instructorspark.job.metrics.Phases;
import io.instructorspark.job.report.RunRecord;
import io.instructorspark.job.report.Secrets;
import io.instructorspark.job.separation.Separation;
import io.instructorspark.page.Panel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the maps show, in words and numbers.
 *
 * @param told of each map, how well its vectors tell the colours apart
 * @param distances of pairs, where there are some
 */
record MapReport(
    MapJob.Arguments arguments,
    Counts counts,
    List<Panel> panels,
    List<MapColoring.Told> told,
    MapColoring coloring,
    Optional<PairDistances> distances,
    Phases phases) {
  private static final int LONGEST_HEADING = 70;

  /**
   * Rows.
   *
   * @param rows of the input
   * @param placed on all maps
   * @param shown on the page
   * @param errors rows that say why they have no vector
   */
  record Counts(long rows, long placed, long shown, long errors) {}

  /** The lines that a user reads at the end. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        line(
            "%,d of %,d texts on %s in %s",
            counts.shown(),
            counts.placed(),
            panels.size() == 1 ? "a map" : panels.size() + " maps",
            Secrets.redacted(arguments.page().path().toString())));
    if (counts.placed() < counts.rows()) {
      text.append(
          line(
              "%n%,d rows are on no map, for they have no vector with a direction (%,d of them because of an error)",
              counts.rows() - counts.placed(), counts.errors()));
    }
    int width = panels.stream().mapToInt(panel -> heading(panel).length()).max().orElse(0);
    boolean colors = told.stream().anyMatch(one -> one.separation().isPresent());
    text.append(
        line("%n%-" + width + "s  %8s", "instruction", "variance")
            + (colors ? line("  %9s  %10s", "agreement", "silhouette") : "")
            + (distances.isPresent() ? line("  %13s", "pair distance") : ""));
    for (int i = 0; i < panels.size(); i++) {
      text.append(
          line(
              "%n%-" + width + "s  %7.1f%%",
              heading(panels.get(i)),
              100 * Arrays.stream(panels.get(i).explainedVariance()).sum()));
      if (colors) {
        text.append(told.get(i).separation().map(MapReport::separation).orElse(line("  %21s", "")));
      }
      if (distances.isPresent()) {
        text.append(line("  %13.3f", distances.get().means().get(i)));
      }
    }
    distances
        .filter(found -> found.means().size() > panels.size())
        .ifPresent(
            found ->
                text.append(
                    line(
                        "%n%-" + width + "s  %8s%s  %13.3f",
                        "(no instruction)",
                        "",
                        colors ? line("  %21s", "") : "",
                        found.means().get(panels.size()))));
    return text.append(remarks()).toString();
  }

  private static String separation(Separation found) {
    return line(
        "  %9.3f  %10s",
        found.agreement(),
        found.silhouette().isPresent() ? line("%.3f", found.silhouette().getAsDouble()) : "");
  }

  private String remarks() {
    StringBuilder text = new StringBuilder();
    told.stream()
        .flatMap(one -> one.separation().stream())
        .findFirst()
        .ifPresent(
            found ->
                text.append(
                    line(
                        "%nagreement: the share of a text's ten nearest texts that have its value of %s, by chance %.3f",
                        coloring.color().orElseThrow(), found.agreementByChance())));
    told.stream()
        .flatMap(one -> one.why().stream())
        .findFirst()
        .ifPresent(why -> text.append(line("%nno agreement and silhouette: %s", why)));
    distances.ifPresent(
        found ->
            text.append(line("%npair distance: mean cosine distance of %,d pairs", found.pairs())));
    return text.toString();
  }

  private static String heading(Panel panel) {
    String heading =
        panel.instruction().isBlank() ? "(no instruction)" : panel.instruction().strip();
    return heading.codePointCount(0, heading.length()) <= LONGEST_HEADING
        ? heading
        : heading.substring(0, heading.offsetByCodePoints(0, LONGEST_HEADING - 1)) + "…";
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  RunRecord record(Map<String, String> versions) {
    List<Map<String, Object>> maps = new ArrayList<>();
    for (int i = 0; i < panels.size(); i++) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("instruction", panels.get(i).instruction());
      map.put("explained_variance", panels.get(i).explainedVariance());
      told.get(i)
          .separation()
          .ifPresent(
              found -> {
                map.put("agreement", found.agreement());
                map.put("agreement_by_chance", found.agreementByChance());
                found.silhouette().ifPresent(value -> map.put("silhouette", value));
              });
      int place = i;
      distances.ifPresent(found -> map.put("pair_distance", found.means().get(place)));
      maps.add(map);
    }
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("rows", counts.rows());
    numbers.put("placed", counts.placed());
    numbers.put("shown", counts.shown());
    numbers.put("errors", counts.errors());
    distances.ifPresent(found -> numbers.put("pairs", found.pairs()));
    RunRecord record =
        new RunRecord()
            .with("command", "map")
            .with("versions", versions)
            .with("counts", numbers)
            .with("maps", maps);
    distances
        .filter(found -> found.means().size() > panels.size())
        .ifPresent(
            found ->
                record.with("pair_distance_without_instruction", found.means().get(panels.size())));
    coloring
        .clusters()
        .ifPresent(
            found ->
                record.with(
                    "clusters", Map.of("names", found.names(), "silhouette", found.silhouette())));
    return record.with("seconds", phases.all());
  }
}
