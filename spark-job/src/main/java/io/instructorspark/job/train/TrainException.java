package io.instructorspark.job.train;

/** A training that cannot begin or go on: says what, where, and how to mend it. */
class TrainException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TrainException(String message) {
    super(message);
  }

  TrainException(String message, Throwable cause) {
    super(message, cause);
  }
}
