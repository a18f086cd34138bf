package io.instructorspark.checkpoint;

import java.io.IOException;
import java.util.stream.Collectors;

/** What an exception of a file system says to a user. */
final class Reason {
  private Reason() {}

  /**
   * The message, with the exception's kind where the message may be no more than a name; without
   * the stack traces that servers send in it.
   */
  static String of(IOException e) {
    String text =
        e.getClass() == IOException.class && e.getMessage() != null
            ? e.getMessage()
            : e.getClass().getSimpleName() + ": " + e.getMessage();
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("at "))
        .collect(Collectors.joining(" "));
  }
}
