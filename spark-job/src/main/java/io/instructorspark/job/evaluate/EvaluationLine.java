package io.instructorspark.job.evaluate;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;

/**
 * A line on a terminal that says which task is at work, drawn over itself.
 *
 * @param terminal empty for no line
 */
record EvaluationLine(Optional<PrintStream> terminal) {
  private static final int WIDTH = 78;

  /** Work on a task has begun. */
  void at(String work, String task, int number, int all) {
    String text = String.format(Locale.ROOT, "%s task %,d of %,d: %s", work, number, all, task);
    draw("\r" + " ".repeat(WIDTH) + "\r" + text.substring(0, Math.min(WIDTH, text.length())));
  }

  /** Nothing is at work any more. */
  void clear() {
    draw("\r" + " ".repeat(WIDTH) + "\r");
  }

  private void draw(String text) {
    terminal.ifPresent(
        stream -> {
          stream.print(text);
          stream.flush();
        });
  }
}
