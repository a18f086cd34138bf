package io.instructorspark.checkpoint;

/**
 * A checkpoint that cannot be used. The message is written for the person who chose the checkpoint:
 * it names the file, what was found, what was expected and, where there is one, the remedy.
 */
public final class CheckpointException extends RuntimeException {
  CheckpointException(String message) {
    super(message);
  }

  CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
