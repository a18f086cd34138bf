package io.instructorspark.job.evaluate;

import java.util.Locale;

/** Which rows of a classification task are learned from, and which are judged. */
enum Procedure {
  /** Several draws of a few training rows for each label, as in MTEB and the paper. */
  MTEB,
  /** Ten parts, each judged by what is learned from the others. */
  FOLDS,
  /** What the rows' column {@code split} says. */
  SPLIT;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
