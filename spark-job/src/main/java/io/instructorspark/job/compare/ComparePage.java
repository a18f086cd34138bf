package io.instructorspark.job.compare;

import static io.instructorspark.job.compare.CompareWords.said;

import io.instructorspark.page.Cell;
import io.instructorspark.page.Column;
import io.instructorspark.page.Page;
import io.instructorspark.page.PageKind;
import io.instructorspark.page.Section;
import io.instructorspark.page.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A comparison as a page: what it means in words, the figures, and the intervals drawn. */
final class ComparePage {
  /** Of a scale from 0 to 1. */
  private static final double STEPS = 20;

  private ComparePage() {}

  /** The page. */
  static Page of(CompareReport report) {
    boolean chosen = report.heldOut().isPresent();
    Page page = Page.of(PageKind.COMPARISON, title(report)).lead(report.heading() + ".");
    if (chosen) {
      page.lead(
          "%s was chosen on one half of the rows; what holds is its score on the other half."
              .formatted(Verdicts.capitalized(report.chosen().spoken())));
    }
    Section verdicts = Section.of("What the figures say");
    report.verdicts().forEach(verdicts::paragraph);
    page.add(verdicts);
    report
        .heldOut()
        .ifPresent(held -> page.add(scores(Section.of("On the rows that were held out"), held)));
    page.add(
        scores(
            chosen
                ? Section.of("On the rows that were chosen on").soft(CompareWords.OPTIMISTIC)
                : Section.of("Scores"),
            report.comparison()));
    report.maps().ifPresent(maps -> maps.addTo(page));
    Section remarks = Section.of("How to read this");
    report.remarks().forEach(remarks::paragraph);
    return page.add(remarks);
  }

  private static String title(CompareReport report) {
    return "Instructions compared by “%s”".formatted(Page.isolated(report.label()));
  }

  private static Section scores(Section section, Comparison comparison) {
    boolean judged = comparison.scores().get(0).accuracy().isPresent();
    section.table(table(comparison, judged)).heading("Agreement with its interval");
    section.table(intervals(comparison, score -> Optional.of(score.agreement())));
    return judged
        ? section
            .heading("Accuracy with its interval")
            .table(intervals(comparison, Score::accuracy))
        : section;
  }

  private static Table table(Comparison comparison, boolean judged) {
    List<Column> columns =
        new ArrayList<>(
            List.of(
                Column.number(""),
                Column.text("Instruction"),
                Column.number("Agreement"),
                Column.number("Agreement against the baseline"),
                Column.number("Silhouette")));
    if (judged) {
      columns.add(Column.number("Accuracy"));
      columns.add(Column.number("Accuracy against the baseline"));
    }
    List<List<Cell>> rows = new ArrayList<>();
    for (Score score : comparison.scores()) {
      List<Cell> row = new ArrayList<>();
      row.add(Cell.of(String.valueOf(rows.size() + 1)));
      row.add(name(score.candidate(), rows.isEmpty()));
      row.add(share(score.agreement()));
      row.add(gap(score.gap().map(Score.Gap::agreement)));
      row.add(
          Cell.of(
              score.silhouette().isPresent()
                  ? said("%.3f", score.silhouette().getAsDouble())
                  : "–"));
      if (judged) {
        row.add(share(score.accuracy().orElseThrow()));
        row.add(gap(score.gap().flatMap(Score.Gap::accuracy)));
      }
      rows.add(row);
    }
    return new Table(columns, rows);
  }

  /** On a scale that all of them fill, as they often lie close together. */
  private static Table intervals(
      Comparison comparison, Function<Score, Optional<Estimate>> measure) {
    List<Estimate> all =
        comparison.scores().stream().map(score -> measure.apply(score).orElseThrow()).toList();
    double least = all.stream().mapToDouble(Estimate::low).min().orElse(0);
    double most = all.stream().mapToDouble(Estimate::high).max().orElse(1);
    double from = Math.max(0, Math.min(1 - 1 / STEPS, Math.floor(least * STEPS) / STEPS));
    double to = Math.min(1, (Math.floor(most * STEPS) + 1) / STEPS);
    List<List<Cell>> rows = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      Estimate of = all.get(i);
      rows.add(
          List.of(
              name(comparison.scores().get(i).candidate(), false),
              Cell.interval(
                  share(of.low(), from, to),
                  share(of.value(), from, to),
                  share(of.high(), from, to),
                  ScoreTable.interval(of)),
              Cell.of(said("%.3f", of.value()))));
    }
    return new Table(
        List.of(
            Column.text("Instruction"),
            Column.bar(said("from %.2f to %.2f", from, to)),
            Column.number("")),
        rows);
  }

  private static double share(double value, double from, double to) {
    return Math.max(0, Math.min(1, (value - from) / (to - from)));
  }

  private static Cell name(Candidate candidate, boolean best) {
    String shown = candidate.name().orElseGet(candidate::title);
    String meaning =
        candidate.kind().isControl()
            ? "control"
            : candidate.name().isPresent() ? candidate.instruction().orElse("") : "";
    if (best) {
      return Cell.strong(meaning.isEmpty() ? shown : shown + " – " + meaning);
    }
    return meaning.isEmpty() ? Cell.of(shown) : Cell.of(shown, meaning);
  }

  private static Cell share(Estimate of) {
    return Cell.of(said("%.3f", of.value()), said("%.3f to %.3f", of.low(), of.high()));
  }

  private static Cell gap(Optional<Estimate> of) {
    return of.map(
            gap ->
                Cell.of(
                    said("%+.3f", gap.value()),
                    said("%+.3f to %+.3f", gap.low(), gap.high())
                        + (gap.isNoise() ? ", noise" : "")))
        .orElseGet(() -> Cell.of("–"));
  }
}
