package io.instructorspark.job.compare;

import io.instructorspark.job.separation.Labels;
import java.util.Comparator;
import java.util.List;

/**
 * Candidates that were scored on the same rows.
 *
 * @param scores highest agreement first, of equal ones the highest accuracy
 * @param baseline one of the candidates
 * @param leads by each measure the best against the second
 * @param rows that have a vector under every candidate: those that were scored
 * @param labels of the rows that were to be scored
 */
record Comparison(
    List<Score> scores, Candidate baseline, List<Lead> leads, long rows, Labels labels) {
  private static final Comparator<Score> BEST_FIRST =
      Comparator.<Score>comparingDouble(score -> -score.agreement().value())
          .thenComparingDouble(score -> -score.accuracy().map(Estimate::value).orElse(0.0));

  Comparison {
    scores = scores.stream().sorted(BEST_FIRST).toList();
    leads = List.copyOf(leads);
  }

  /** The best by one measure, and by how much. */
  record Lead(Measure measure, Candidate best, Candidate second, Estimate gap) {}

  /** What candidates are ranked by. */
  enum Measure {
    AGREEMENT("agreement"),
    ACCURACY("accuracy");

    private final String label;

    Measure(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  /** Rows that were to be scored and lack a vector under some candidate. */
  long withoutVector() {
    return labels.all() - rows;
  }

  /** The best that is no control. */
  Score winner() {
    return scores.stream()
        .filter(score -> !score.candidate().kind().isControl())
        .findFirst()
        .orElseThrow();
  }
}
