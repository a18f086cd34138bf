package io.instructorspark.job.train;

import java.util.Optional;

/**
 * The instructions that a recipe gives to the texts of a data set; empty: those of the records, or
 * none where records hold none.
 *
 * @param query of the query: {@code text_a}, {@code text}
 * @param positive of the positive
 * @param negative of the negative
 */
record Instructions(Optional<String> query, Optional<String> positive, Optional<String> negative) {
  /** As the records say. */
  static final Instructions OF_RECORDS =
      new Instructions(Optional.empty(), Optional.empty(), Optional.empty());
}
