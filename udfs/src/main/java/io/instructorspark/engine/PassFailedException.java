package io.instructorspark.engine;

/** A forward pass failed by what it was given: other texts may do well on the same model. */
final class PassFailedException extends EngineException {
  PassFailedException(String message) {
    super(message);
  }

  PassFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
