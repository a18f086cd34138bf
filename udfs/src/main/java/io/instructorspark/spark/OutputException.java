package io.instructorspark.spark;

/** An output that cannot be written as asked. The message can be shown to the user as it is. */
public final class OutputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what, where, and the remedy. */
  public OutputException(String message) {
    super(message);
  }

  /** With what, where, and the remedy. */
  public OutputException(String message, Throwable cause) {
    super(message, cause);
  }
}
