package io.instructorspark.job.rows;

/** An output that cannot be written as asked. The message can be shown to the user as it is. */
public final class OutputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutputException(String message) {
    super(message);
  }

  OutputException(String message, Throwable cause) {
    super(message, cause);
  }
}
