package io.instructorspark.job.evaluate;

/** A suite that cannot be evaluated as asked. The message is for the user. */
final class EvaluateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EvaluateException(String message) {
    super(message);
  }
}
