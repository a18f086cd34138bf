package io.instructorspark.job.evaluate;

import static io.instructorspark.job.evaluate.Figures.said;

import io.instructorspark.job.evaluate.Results.Contrast;
import io.instructorspark.job.metrics.Phases;
import io.instructorspark.job.report.RunRecord;
import io.instructorspark.spark.EmbeddingMetrics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a finished evaluation says of itself.
 *
 * @param tables of analyses
 * @param parameters how many each model has
 */
record EvaluateReport(
    EvaluateJob.Arguments arguments,
    Results results,
    List<AnalysisTable> tables,
    Map<String, Long> parameters,
    EmbeddingMetrics.Totals totals,
    Phases phases) {

  /** What was scored. */
  String heading() {
    return said(
        "%,d tasks in %d categories, %s, with instructions: %s",
        results.tasks().size(),
        results.categories().size(),
        String.join(" and ", results.models()),
        String.join(", ", results.variants()));
  }

  /** The lines that a user reads at the end. */
  String text(String folder) {
    List<String> lines = new ArrayList<>();
    lines.add(heading());
    lines.add("");
    lines.addAll(new ScoreTable(results).lines());
    lines.add("");
    lines.addAll(verdicts());
    for (AnalysisTable table : tables) {
      lines.add("");
      lines.add(table.title());
      lines.add(said("  %-40s  %s", "", String.join("  |  ", table.columns())));
      table
          .lines()
          .forEach(
              line ->
                  lines.add(
                      said("  %-40s  %s", line.label(), String.join("  |  ", line.figures()))));
      table.remarks().stream().filter(one -> !one.isEmpty()).forEach(one -> lines.add("  " + one));
    }
    lines.add("");
    lines.addAll(remarks());
    lines.add("Scores, summary and page are in " + Figures.printable(folder));
    return String.join(System.lineSeparator(), lines);
  }

  /** Each difference in a sentence. */
  List<String> verdicts() {
    List<String> sentences = new ArrayList<>();
    for (Contrast contrast : results.contrasts()) {
      Estimate gap = results.over(results.tasks(), results.on(contrast)).estimate();
      sentences.add(
          said(
              "%s%s on average over tasks: %+.1f points, 95 %%: %+.1f to %+.1f%s.",
              results.models().size() > 1
                      && contrast.side().model().equals(contrast.against().model())
                  ? contrast.side().model() + ", "
                  : "",
              contrast.label(),
              100 * gap.value(),
              100 * gap.low(),
              100 * gap.high(),
              gap.isNoise() ? ", which may be noise" : ""));
    }
    return sentences;
  }

  /** How to read the figures, and what they leave out. */
  List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    remarks.add(
        "Scores are in hundredths. Intervals hold 95 %% of %,d resamples of a task's items, for means of its items and of the tasks; differences are paired; ~ marks those that may be noise."
            .formatted(arguments.settings().resamples()));
    if (results.variants().contains(Variant.WRONG)) {
      remarks.add("A wrong instruction is " + Variants.WRONG_RULE + ".");
    }
    for (TaskSpec task : results.tasks()) {
      results.all().stream()
          .filter(one -> one.task().name().equals(task.name()) && !one.leftOut().isEmpty())
          .findFirst()
          .ifPresent(one -> remarks.add("%s: %s.".formatted(task.name(), one.leftOut())));
    }
    for (Result one : results.all()) {
      if (one.missing().texts() > 0) {
        remarks.add(
            "%s, %s, %s: %,d texts have no vector and count as like to nothing, for example: %s"
                .formatted(
                    one.task().name(),
                    one.model(),
                    one.variant().name(),
                    one.missing().texts(),
                    Figures.printable(one.missing().example())));
      }
    }
    return remarks;
  }

  RunRecord record(Map<String, String> versions) {
    ScoringSettings settings = arguments.settings();
    Map<String, Object> scoring = new LinkedHashMap<>();
    scoring.put("suite", arguments.suite().folder().toString());
    scoring.put("tasks", results.tasks().stream().map(TaskSpec::name).toList());
    scoring.put("instructions", results.variants());
    scoring.put("analyses", arguments.analyses().stream().map(Analysis::label).toList());
    scoring.put("per_label", settings.perLabel());
    scoring.put("draws", settings.draws());
    scoring.put("clusterings", settings.clusterings());
    scoring.put("resamples", settings.resamples());
    scoring.put("seed", settings.seed());
    scoring.put("parameters", parameters);
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("texts", totals.texts());
    counts.put("tokens", totals.tokens());
    counts.put("padding_ratio", totals.paddingRatio());
    counts.put(
        "without_vector", results.all().stream().mapToLong(one -> one.missing().texts()).sum());
    return new RunRecord()
        .with("command", "evaluate")
        .with("versions", versions)
        .with("scoring", scoring)
        .with("counts", counts)
        .with("summary", ScoreLines.summary(results))
        .with("verdicts", verdicts())
        .with("remarks", remarks())
        .with("seconds", phases.all());
  }
}
