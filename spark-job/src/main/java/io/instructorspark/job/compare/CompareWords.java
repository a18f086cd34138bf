package io.instructorspark.job.compare;

import io.instructorspark.job.separation.Agreement;
import io.instructorspark.job.separation.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a report says beside its figures, the same on a terminal and on a page. */
record CompareWords(CompareReport report) {
  static final String OPTIMISTIC =
      "These scores flatter whatever is first: it is the best of many on the very rows that are scored.";

  /** What was compared. */
  String heading() {
    Comparison comparison = report.comparison();
    return said(
        "%,d %s compared by how well they tell apart the %,d labels of column '%s', on %,d rows%s",
        comparison.scores().size(),
        columns() ? "columns of vectors" : "instructions, controls included,",
        comparison.labels().having(1),
        report.label(),
        comparison.rows(),
        report.heldOut().isPresent() ? " of the half that is chosen on" : "");
  }

  /** How to read the figures, and which rows they leave out. */
  List<String> remarks() {
    List<String> lines = new ArrayList<>();
    lines.add(chance());
    lines.add(measures());
    lines.add(intervals());
    controls(lines);
    leftOut(lines);
    return lines;
  }

  private String chance() {
    Labels labels = report.comparison().labels();
    return said(
        "Vectors that say nothing would have an agreement of %.3f; the most frequent label has %.3f of the rows.",
        labels.agreementByChance(), labels.mostFrequent());
  }

  private String measures() {
    int folds = report.arguments().settings().validation().folds();
    return said(
        "Agreement: the share of a row's %d nearest rows by cosine that have its label. Silhouette: of the labels as clusters, by cosine distance, from -1 to 1.%s",
        Agreement.NEIGHBORS,
        folds == 0
            ? ""
            : said(
                " Accuracy: of labels predicted by logistic regression, cross-validated on %d folds.",
                folds));
  }

  private String intervals() {
    Bootstrap bootstrap = report.arguments().settings().bootstrap();
    return said(
        "Intervals: 95 %%, percentiles of %,d resamples of the rows (seed %d), differences paired by row; within noise (~) is a difference whose interval holds 0.",
        bootstrap.resamples(), bootstrap.seed());
  }

  private void controls(List<String> lines) {
    Candidate baseline = report.comparison().baseline();
    if (columns()) {
      lines.add(said("The baseline is %s.", baseline.spoken()));
      return;
    }
    report.comparison().scores().stream()
        .map(Score::candidate)
        .filter(one -> one.kind() == Candidate.Kind.WRONG)
        .forEach(
            wrong ->
                lines.add(
                    said(
                        "The wrong instruction “%s” is a control: %s. The baseline is no instruction.",
                        wrong.instruction().orElseThrow(),
                        report.arguments().texts().orElseThrow().wrongIsGiven()
                            ? "--wrong-instruction names it"
                            : WrongInstruction.RULE)));
  }

  private void leftOut(List<String> lines) {
    if (report.counts().sampled()) {
      lines.add(
          said(
              "Scored is a sample by a hash of the row: %,d of %,d rows.",
              report.counts().taken(), report.counts().usable()));
    }
    if (report.counts().withoutLabel() + report.counts().withoutContent() > 0) {
      lines.add(
          said(
              "Left out: %,d rows without a label, and %,d without %s.",
              report.counts().withoutLabel(),
              report.counts().withoutContent(),
              columns() ? "a vector in every column" : "a text that can be read"));
    }
    long failed = report.parts().values().stream().mapToLong(Comparison::withoutVector).sum();
    if (failed > 0) {
      lines.add(said("Left out: %,d rows that some instruction gives no vector.", failed));
    }
    Labels labels = report.comparison().labels();
    long alone = labels.having(1) - labels.having(2);
    if (alone > 0) {
      lines.add(
          said(
              "%,d labels have one row each, which nothing can tell; they count as wrong.", alone));
    }
  }

  private boolean columns() {
    return report.arguments().texts().isEmpty();
  }

  /** A sentence with numbers, the same in every locale. */
  static String said(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
