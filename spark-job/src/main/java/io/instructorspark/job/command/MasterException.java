package io.instructorspark.job.command;

/** The cluster that was asked for takes no application. The message is for the user. */
final class MasterException extends IllegalStateException {
  MasterException(String message, Throwable cause) {
    super(message, cause);
  }
}
