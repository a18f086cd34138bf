package io.instructorspark.job.compare;

/** Instructions that cannot be compared as asked. The message is for the user. */
final class CompareException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CompareException(String message) {
    super(message);
  }
}
