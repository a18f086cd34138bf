package io.instructorspark.job.compare;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;

/**
 * A line on a terminal that says which candidate is being scored, drawn over itself.
 *
 * @param terminal empty for no line
 */
record ScoringLine(Optional<PrintStream> terminal) {
  private static final String CLEARED = "\r" + " ".repeat(60) + "\r";

  /** Scoring of the next has begun. */
  void at(int number, int all) {
    draw(String.format(Locale.ROOT, "\rscoring candidate %,d of %,d", number, all));
  }

  /** Nothing is being scored any more. */
  void clear() {
    draw(CLEARED);
  }

  private void draw(String text) {
    terminal.ifPresent(
        stream -> {
          stream.print(text);
          stream.flush();
        });
  }
}
