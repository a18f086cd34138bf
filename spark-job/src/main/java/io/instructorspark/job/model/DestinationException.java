package io.instructorspark.job.model;

/** A place that a checkpoint cannot be copied to. The message is written for who chose it. */
final class DestinationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  DestinationException(String message) {
    super(message);
  }

  DestinationException(String message, Throwable cause) {
    super(message, cause);
  }
}
