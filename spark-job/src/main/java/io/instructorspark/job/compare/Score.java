package io.instructorspark.job.compare;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How well the labels are told apart under one candidate.
 *
 * @param agreement mean share of a row's nearest rows that have its label
 * @param silhouette of the labels as clusters, by cosine
 * @param accuracy of cross-validation; empty without folds
 * @param gap to the baseline; empty for the baseline itself
 */
record Score(
    Candidate candidate,
    Estimate agreement,
    OptionalDouble silhouette,
    Optional<Estimate> accuracy,
    Optional<Gap> gap) {
  /** Differences from the baseline, paired by row. */
  record Gap(Estimate agreement, Optional<Estimate> accuracy) {}
}
