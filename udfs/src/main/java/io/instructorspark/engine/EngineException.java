package io.instructorspark.engine;

/**
 * The engine cannot do what was asked: a device that is not there, natives that do not load, a
 * forward pass failed.
 */
public final class EngineException extends RuntimeException {
  EngineException(String message) {
    super(message);
  }

  EngineException(String message, Throwable cause) {
    super(message, cause);
  }
}
