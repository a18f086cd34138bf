package io.instructorspark.job.train;

/** Training data that cannot be prepared as asked. The message is for the user. */
final class PreparationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PreparationException(String message) {
    super(message);
  }

  PreparationException(String message, Throwable cause) {
    super(message, cause);
  }
}
