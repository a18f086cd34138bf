package io.instructorspark.job.model;

/** A check that found something wrong; the message says what. */
final class CheckFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  CheckFailedException(String message) {
    super(message);
  }
}
