package io.instructorspark.job.train;

import java.util.Optional;

/**
 * One record to learn from: paper section 2.2.
 *
 * @param query what is asked
 * @param positive what is to be near it
 * @param negative what is to be far from it, if the data names one
 * @param label the class of query and positive, for records made of labelled texts
 */
record Example(
    Instructed query, Instructed positive, Optional<Instructed> negative, Optional<String> label) {

  /** An instruction, which may be empty, and a text, which is not blank. */
  record Instructed(String instruction, String text) {}
}
