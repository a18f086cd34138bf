package io.instructorspark.job.train;

import io.instructorspark.job.train.RecordColumns.Outcome;

/** A record that is none; the message goes on from "line 12: ". */
final class BadRecord extends Exception {
  private static final long serialVersionUID = 1L;

  private final Outcome outcome;

  BadRecord(Outcome outcome, String message) {
    super(message);
    this.outcome = outcome;
  }

  Outcome outcome() {
    return outcome;
  }
}
