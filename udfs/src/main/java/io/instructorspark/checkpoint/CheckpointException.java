package io.instructorspark.checkpoint;

/**
 * A checkpoint that cannot be used. The message is written for the person who chose the checkpoint:
 * it names the file, what was found, what was expected and, where there is one, the remedy. What it
 * quotes of a file is cut, so that it never exceeds 1,000 characters, and has no control
 * characters.
 */
public final class CheckpointException extends RuntimeException {
  CheckpointException(String message) {
    super(Printable.message(message));
  }

  CheckpointException(String message, Throwable cause) {
    super(Printable.message(message), cause);
  }
}
