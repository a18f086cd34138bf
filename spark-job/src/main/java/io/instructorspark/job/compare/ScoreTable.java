package io.instructorspark.job.compare;

import static io.instructorspark.job.compare.CompareWords.said;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Scores as lines for a terminal. */
final class ScoreTable {
  private static final String ROW = "  %4s  %-22s  %10s  %-22s  %-24s  %s";

  private ScoreTable() {}

  static List<String> lines(Comparison comparison) {
    List<String> lines = new ArrayList<>();
    lines.add(
        ROW.formatted(
            "",
            "agreement, 95 %",
            "silhouette",
            "accuracy, 95 %",
            "agreement − baseline",
            "instruction"));
    int rank = 1;
    for (Score score : comparison.scores()) {
      lines.add(
          ROW.formatted(
              rank++,
              interval(score.agreement()),
              score.silhouette().isPresent() ? said("%.3f", score.silhouette().getAsDouble()) : "",
              score.accuracy().map(ScoreTable::interval).orElse(""),
              gap(score.gap().map(Score.Gap::agreement)),
              score.candidate().title()));
    }
    return lines;
  }

  /** A share of 1 with its interval. */
  static String interval(Estimate share) {
    return said("%.3f [%.3f, %.3f]", share.value(), share.low(), share.high());
  }

  private static String gap(Optional<Estimate> gap) {
    return gap.map(
            of ->
                said("%+.3f [%+.3f, %+.3f]", of.value(), of.low(), of.high())
                    + (of.isNoise() ? " ~" : ""))
        .orElse("baseline");
  }
}
