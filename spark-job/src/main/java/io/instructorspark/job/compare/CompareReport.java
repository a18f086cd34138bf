package io.instructorspark.job.compare;

import io.instructorspark.job.metrics.Phases;
import io.instructorspark.job.report.RunRecord;
import io.instructorspark.job.report.Secrets;
import io.instructorspark.job.separation.RowCounts;
import io.instructorspark.page.MapPage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a finished comparison says of itself.
 *
 * @param label column of labels
 * @param counts of the input's rows
 * @param comparison of all candidates; where the best was chosen, on the half for choosing
 * @param heldOut of the chosen one and the controls, on the other half
 * @param maps of the rows whose verdicts hold, side by side
 */
record CompareReport(
    CompareJob.Arguments arguments,
    String label,
    RowCounts counts,
    Comparison comparison,
    Optional<Comparison> heldOut,
    Optional<MapPage> maps,
    Phases phases) {

  /** The lines that a user reads at the end. */
  String text() {
    List<String> lines = new ArrayList<>();
    lines.add(heading());
    lines.addAll(ScoreTable.lines(comparison));
    if (heldOut.isPresent()) {
      lines.add(CompareWords.OPTIMISTIC);
      lines.add("");
      lines.add(
          CompareWords.said(
              "%s was chosen. On %,d rows that were held out:",
              chosen().spoken(), heldOut.get().rows()));
      lines.addAll(ScoreTable.lines(heldOut.get()));
    }
    lines.add("");
    lines.addAll(verdicts());
    lines.add("");
    lines.addAll(remarks());
    lines.add(CompareWords.said("The page is %s", Secrets.redacted(arguments.output().page())));
    return String.join(System.lineSeparator(), lines);
  }

  /** What was compared. */
  String heading() {
    return words().heading();
  }

  /** How to read the figures, and which rows they leave out. */
  List<String> remarks() {
    return words().remarks();
  }

  private CompareWords words() {
    return new CompareWords(this);
  }

  /** Those of rows on which nothing was chosen. */
  List<String> verdicts() {
    return Verdicts.of(heldOut.orElse(comparison));
  }

  /** The one that was chosen, where one was. */
  Candidate chosen() {
    return comparison.winner().candidate();
  }

  /** Which rows were scored, by name. */
  Map<String, Comparison> parts() {
    Map<String, Comparison> parts = new LinkedHashMap<>();
    parts.put(heldOut.isPresent() ? "choosing" : "all", comparison);
    heldOut.ifPresent(half -> parts.put("held_out", half));
    return parts;
  }

  RunRecord record(Map<String, String> versions) {
    Map<String, Object> scored = new LinkedHashMap<>();
    parts().forEach((name, part) -> scored.put(name, said(part)));
    return new RunRecord()
        .with("command", "compare")
        .with("versions", versions)
        .with("scoring", settings())
        .with("counts", rows())
        .with("scores", scored)
        .with("verdicts", verdicts())
        .with("seconds", phases.all());
  }

  private Map<String, Object> rows() {
    Map<String, Object> rows = new LinkedHashMap<>();
    rows.put("rows", counts.rows());
    rows.put("without_label", counts.withoutLabel());
    rows.put("without_text_or_vector", counts.withoutContent());
    rows.put("usable", counts.usable());
    rows.put("taken", counts.taken());
    rows.put("labels", comparison.labels().names().size());
    return rows;
  }

  private Map<String, Object> settings() {
    CompareJob.Settings settings = arguments.settings();
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("label_column", label);
    said.put("folds", settings.validation().folds());
    said.put("resamples", settings.bootstrap().resamples());
    said.put("seed", settings.bootstrap().seed());
    said.put("baseline", comparison.baseline().title());
    said.put("silhouette_distance", "cosine");
    return said;
  }

  private static Map<String, Object> said(Comparison part) {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("rows", part.rows());
    said.put("without_vector_under_some", part.withoutVector());
    said.put("agreement_by_chance", part.labels().agreementByChance());
    said.put("most_frequent_label", part.labels().mostFrequent());
    said.put("candidates", ScoreLines.of(part));
    said.put("best_against_second", part.leads().stream().map(CompareReport::said).toList());
    return said;
  }

  private static Map<String, Object> said(Comparison.Lead lead) {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("measure", lead.measure().label());
    said.put("best", lead.best().title());
    said.put("second", lead.second().title());
    ScoreLines.put(said, "difference", lead.gap());
    said.put("within_noise", lead.gap().isNoise());
    return said;
  }
}
