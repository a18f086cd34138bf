package io.instructorspark.job.classify;

/** A classifier that cannot be read, written or judged as asked. The message is for the user. */
final class ClassifyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ClassifyException(String message) {
    super(message);
  }

  ClassifyException(String message, Throwable cause) {
    super(message, cause);
  }
}
