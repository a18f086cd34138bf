package io.instructorspark.engine;

/**
 * The engine cannot do what was asked: a device that is not there, natives that do not load, a
 * forward pass failed, native memory did not suffice. The latter is never an {@link
 * OutOfMemoryError}, which would end an executor.
 */
public sealed class EngineException extends RuntimeException
    permits NativeMemoryException, PassFailedException {
  EngineException(String message) {
    super(message);
  }

  EngineException(String message, Throwable cause) {
    super(message, cause);
  }
}
