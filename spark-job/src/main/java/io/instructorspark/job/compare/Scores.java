package io.instructorspark.job.compare;

import io.instructorspark.job.separation.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * What sums over the rows say of candidates.
 *
 * @param sums of each candidate's agreement and, where it was judged, whether it was right
 * @param silhouettes in the candidates' order
 * @param judged whether there was cross-validation
 */
record Scores(
    Candidates candidates, Resamples sums, List<OptionalDouble> silhouettes, boolean judged) {
  /** Outcomes of a row under one candidate. */
  static int perCandidate(boolean judged) {
    return judged ? 2 : 1;
  }

  Comparison comparison(Labels labels) {
    int baseline = candidates.all().indexOf(candidates.baseline());
    List<Score> scores = new ArrayList<>();
    for (int i = 0; i < candidates.all().size(); i++) {
      scores.add(score(i, baseline));
    }
    List<Comparison.Lead> leads = new ArrayList<>();
    leads.add(lead(Comparison.Measure.AGREEMENT));
    if (judged) {
      leads.add(lead(Comparison.Measure.ACCURACY));
    }
    return new Comparison(scores, candidates.baseline(), leads, sums.rows(), labels);
  }

  private Score score(int i, int baseline) {
    Optional<Score.Gap> gap =
        i == baseline
            ? Optional.empty()
            : Optional.of(
                new Score.Gap(
                    sums.difference(agreement(i), agreement(baseline)),
                    judged
                        ? Optional.of(sums.difference(accuracy(i), accuracy(baseline)))
                        : Optional.empty()));
    return new Score(
        candidates.all().get(i),
        sums.mean(agreement(i)),
        silhouettes.get(i),
        judged ? Optional.of(sums.mean(accuracy(i))) : Optional.empty(),
        gap);
  }

  private Comparison.Lead lead(Comparison.Measure measure) {
    List<Integer> best =
        IntStream.range(0, candidates.all().size())
            .map(i -> outcome(measure, i))
            .boxed()
            .sorted(Comparator.comparingDouble(outcome -> -sums.value(outcome)))
            .toList();
    return new Comparison.Lead(
        measure,
        candidate(best.get(0)),
        candidate(best.get(1)),
        sums.difference(best.get(0), best.get(1)));
  }

  private int outcome(Comparison.Measure measure, int i) {
    return measure == Comparison.Measure.AGREEMENT ? agreement(i) : accuracy(i);
  }

  private int agreement(int i) {
    return i * perCandidate(judged);
  }

  private int accuracy(int i) {
    return i * perCandidate(judged) + 1;
  }

  private Candidate candidate(int outcome) {
    return candidates.all().get(outcome / perCandidate(judged));
  }
}
