package io.instructorspark.job.classify;

import io.instructorspark.job.metrics.Phases;
import io.instructorspark.job.report.RunRecord;
import io.instructorspark.job.report.Secrets;
import io.instructorspark.spark.VectorClassifierModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a finished run says of itself.
 *
 * @param examples what was learned from; empty where a classifier was loaded
 * @param folds verdicts of cross-validation, in order
 * @param predicted empty where nothing was predicted
 */
record ClassifyReport(
    ClassifyJob.Arguments arguments,
    VectorClassifierModel model,
    Optional<Examples> examples,
    List<Judge.Verdict> folds,
    Optional<Predicted> predicted,
    Phases phases) {
  /** Most labels of a printed table of scores, and of a printed confusion matrix. */
  private static final int SCORED_LABELS = 20;

  private static final int CONFUSED_LABELS = 10;
  private static final int LABEL_WIDTH = 24;

  /**
   * What became of the input.
   *
   * @param predicted rows that were given a label
   * @param errors rows with an error
   * @param verdict where the input has labels
   */
  record Predicted(long rows, long predicted, long errors, Optional<Judge.Verdict> verdict) {}

  /** What the user reads. */
  String text() {
    List<String> lines = new ArrayList<>();
    predicted.ifPresent(done -> prediction(lines, done));
    if (predicted.isEmpty()) {
      lines.add(description());
    }
    learning(lines);
    if (!folds.isEmpty()) {
      Confusion all = pooled();
      double[] accuracies =
          folds.stream()
              .mapToDouble(fold -> fold.confusion().accuracy())
              .filter(accuracy -> !Double.isNaN(accuracy))
              .sorted()
              .toArray();
      lines.add(
          said(
              "cross-validated on %d folds: %s (from %.4f to %.4f by fold)",
              folds.size(), scores(all), accuracies[0], accuracies[accuracies.length - 1]));
      tables(lines, all);
    }
    predicted.flatMap(Predicted::verdict).ifPresent(verdict -> verdict(lines, verdict));
    arguments
        .learning()
        .flatMap(ClassifyJob.Learning::saveModel)
        .ifPresent(place -> lines.add(said("the classifier is in %s", Secrets.redacted(place))));
    return String.join(System.lineSeparator(), lines);
  }

  private void prediction(List<String> lines, Predicted done) {
    lines.add(
        said(
            "%,d of %,d rows classified by %s, in %s",
            done.predicted(),
            done.rows(),
            description(),
            Secrets.redacted(arguments.output().orElseThrow().folder())));
    if (done.predicted() < done.rows()) {
      lines.add(
          said(
              "%,d rows have no prediction, for they have no vector with a direction (%,d of them because of an error, see column error)",
              done.rows() - done.predicted(), done.errors()));
    }
  }

  private String description() {
    long rows = model.labels().values().stream().mapToLong(n -> n).sum();
    return said(
        "%s over %,d labels learned from %,d rows",
        model.algorithm().equals("knn") ? "k nearest neighbors" : "logistic regression",
        model.labels().size(),
        rows);
  }

  private void learning(List<String> lines) {
    if (examples.isEmpty()) {
      return;
    }
    if (model.rowsWithoutLabel() + model.rowsWithoutDirection() > 0) {
      lines.add(
          said(
              "left out of learning: %,d rows without a label, and %,d without a vector that has a direction (%,d rows could not be read or embedded)",
              model.rowsWithoutLabel(), model.rowsWithoutDirection(), examples.get().errors()));
    }
    if (!model.hasConverged()) {
      lines.add(
          "learning was stopped before it came to its end; give more --max-iterations, or more --regularization");
    }
  }

  private void verdict(List<String> lines, Judge.Verdict verdict) {
    Confusion confusion = verdict.confusion();
    if (confusion.scored() > 0) {
      lines.add(said("on %,d rows with a known label: %s", confusion.scored(), scores(confusion)));
      tables(lines, confusion);
    } else {
      lines.add("no row of the input can be scored");
    }
    if (confusion.unseen() > 0) {
      lines.add(
          said(
              "%,d rows have labels that were never learned and are not scored: %s%s",
              confusion.unseen(),
              String.join(", ", verdict.unseen().stream().map(ClassifyReport::shown).toList()),
              verdict.unseen().size() < 5 ? "" : ", …"));
    }
    if (confusion.unlabelled() > 0) {
      lines.add(said("%,d rows have no label and are not scored", confusion.unlabelled()));
    }
  }

  private static String scores(Confusion confusion) {
    return said("accuracy %.4f, macro-F1 %.4f", confusion.accuracy(), confusion.macroF1());
  }

  private static void tables(List<String> lines, Confusion confusion) {
    List<Confusion.ClassScore> classes = confusion.classes();
    if (classes.size() <= SCORED_LABELS) {
      int width = width(classes.stream().map(Confusion.ClassScore::label).toList(), "label");
      String row = "  %-" + width + "s  %9s  %7s  %7s  %8s";
      lines.add(said(row, "label", "precision", "recall", "F1", "rows"));
      for (Confusion.ClassScore of : classes) {
        lines.add(
            said(
                row,
                shown(of.label()),
                said("%.4f", of.precision()),
                said("%.4f", of.recall()),
                said("%.4f", of.f1()),
                said("%,d", of.rows())));
      }
    }
    if (confusion.labels().size() <= CONFUSED_LABELS) {
      matrix(lines, confusion);
    }
  }

  private static void matrix(List<String> lines, Confusion confusion) {
    List<String> labels = confusion.labels();
    int first = width(labels, "label \\ prediction");
    StringBuilder header = new StringBuilder(said("  %-" + first + "s", "label \\ prediction"));
    for (String prediction : labels) {
      header.append(said("  %7s", shown(prediction)));
    }
    lines.add(header.toString());
    for (String label : labels) {
      StringBuilder row = new StringBuilder(said("  %-" + first + "s", shown(label)));
      for (String prediction : labels) {
        row.append(
            said(
                "  %" + Math.max(7, shown(prediction).length()) + "s",
                said("%,d", confusion.of(label, prediction))));
      }
      lines.add(row.toString());
    }
  }

  private static int width(List<String> labels, String header) {
    return Math.max(
        header.length(), labels.stream().mapToInt(label -> shown(label).length()).max().orElse(0));
  }

  /** A label on one line, without what would move the terminal's cursor. */
  private static String shown(String label) {
    String line = label.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= LABEL_WIDTH ? line : line.substring(0, LABEL_WIDTH - 1) + "…";
  }

  private static String said(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private Confusion pooled() {
    Confusion all = new Confusion(List.copyOf(model.labels().keySet()));
    folds.forEach(fold -> all.addAll(fold.confusion()));
    return all;
  }

  RunRecord record(Map<String, String> versions) {
    RunRecord record =
        new RunRecord()
            .with("command", "classify")
            .with("versions", versions)
            .with("classifier", classifier())
            .with("counts", counts());
    if (!folds.isEmpty()) {
      Map<String, Object> section = scored(pooled());
      section.put(
          "accuracy_by_fold",
          folds.stream()
              .map(fold -> fold.confusion().accuracy())
              .map(accuracy -> Double.isNaN(accuracy) ? null : accuracy) // a fold without rows
              .toList());
      record.with("cross_validation", section);
    }
    predicted
        .flatMap(Predicted::verdict)
        .ifPresent(
            verdict -> {
              Map<String, Object> section = scored(verdict.confusion());
              section.put("labels_never_learned", verdict.unseen());
              record.with("input_score", section);
            });
    return record.with("seconds", phases.all());
  }

  private Map<String, Object> classifier() {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("algorithm", model.algorithm());
    arguments
        .learning()
        .ifPresent(
            learning -> {
              if (model.algorithm().equals("knn")) {
                said.put("k", learning.classifier().getK());
              } else {
                said.put("regularization", learning.classifier().getRegularization());
                said.put("class_weights", learning.classifier().getClassWeights());
                said.put("max_iterations", learning.classifier().getMaxIter());
                said.put("iterations", model.iterations());
                said.put("converged", model.hasConverged());
              }
            });
    model
        .origin()
        .ifPresent(
            origin -> {
              said.put("embedding_model", Secrets.redacted(origin.model()));
              said.put("embedding_fingerprint", origin.fingerprint());
            });
    said.put("labels", model.labels());
    return said;
  }

  private Map<String, Object> counts() {
    Map<String, Object> counts = new LinkedHashMap<>();
    examples.ifPresent(
        of -> {
          counts.put("training_rows", of.rows());
          counts.put("training_errors", of.errors());
        });
    counts.put("rows_learned_from", model.labels().values().stream().mapToLong(n -> n).sum());
    counts.put("rows_without_label", model.rowsWithoutLabel());
    counts.put("rows_without_direction", model.rowsWithoutDirection());
    predicted.ifPresent(
        of -> {
          counts.put("rows", of.rows());
          counts.put("rows_predicted", of.predicted());
          counts.put("errors", of.errors());
        });
    return counts;
  }

  private static Map<String, Object> scored(Confusion confusion) {
    Map<String, Object> scores = new LinkedHashMap<>();
    scores.put("rows", confusion.scored());
    scores.put("rows_without_label", confusion.unlabelled());
    scores.put("rows_without_prediction", confusion.unpredicted());
    scores.put("rows_with_labels_never_learned", confusion.unseen());
    if (confusion.scored() > 0) {
      scores.put("accuracy", confusion.accuracy());
      scores.put("macro_f1", confusion.macroF1());
    }
    scores.put("by_label", confusion.classes().stream().map(ClassifyReport::score).toList());
    scores.put("confusion", confusion.cells().stream().map(ClassifyReport::cell).toList());
    return scores;
  }

  private static Map<String, Object> score(Confusion.ClassScore of) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("label", of.label());
    map.put("precision", of.precision());
    map.put("recall", of.recall());
    map.put("f1", of.f1());
    map.put("rows", of.rows());
    return map;
  }

  private static Map<String, Object> cell(Confusion.Cell of) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("label", of.label());
    map.put("prediction", of.prediction());
    map.put("rows", of.rows());
    return map;
  }
}
