package io.instructorspark.job.separation;

/** Rows whose labels cannot be told apart by anything. The message is for the user. */
public final class SeparationException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  SeparationException(String message) {
    super(message);
  }
}
