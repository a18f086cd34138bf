package io.instructorspark.job.rows;

/**
 * Input that cannot be read as asked. The message is one readable paragraph: which file, what is
 * wrong, and how to mend it; it can be shown to the user as it is.
 */
public final class InputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InputException(String message) {
    super(message);
  }

  InputException(String message, Throwable cause) {
    super(message, cause);
  }
}
