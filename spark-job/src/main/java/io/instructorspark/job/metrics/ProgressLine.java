package io.instructorspark.job.metrics;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A line on a terminal that is rewritten twice a second: rows, tokens per second, time left. It is
 * cleared on close.
 */
public final class ProgressLine implements AutoCloseable {
  private static final long PERIOD_MILLIS = 500;

  private final PrintStream terminal;
  private final long totalRows;
  private final Supplier<Done> done;
  private final long start = System.nanoTime();
  private final ScheduledExecutorService clock;
  private int width;
  private boolean closed;

  /**
   * What is done so far.
   *
   * @param rows rows encoded
   * @param tokens tokens encoded
   */
  public record Done(long rows, long tokens) {}

  private ProgressLine(PrintStream terminal, long totalRows, Supplier<Done> done) {
    this.terminal = terminal;
    this.totalRows = totalRows;
    this.done = done;
    this.clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "progress-line");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Starts a line; {@link #close} ends it. */
  public static ProgressLine start(PrintStream terminal, long totalRows, Supplier<Done> done) {
    ProgressLine line = new ProgressLine(terminal, totalRows, done);
    line.clock.scheduleAtFixedRate(line::draw, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    return line;
  }

  /** The line's text after so many seconds. */
  static String text(Done done, long totalRows, double seconds) {
    double share = totalRows == 0 ? 1 : Math.min(1, (double) done.rows() / totalRows);
    String left = done.rows() == 0 ? "-:--" : clock(seconds * (1 - share) / share);
    return String.format(
        Locale.ROOT,
        "%,d of %,d rows  %d %%  %,.0f tokens/s  %s left",
        done.rows(),
        totalRows,
        Math.round(100 * share),
        done.tokens() / Math.max(seconds, 1e-3),
        left);
  }

  /** Minutes and seconds, with hours where there are some. */
  public static String clock(double seconds) {
    long s = Math.round(seconds);
    return s >= 3600
        ? "%d:%02d:%02d".formatted(s / 3600, s / 60 % 60, s % 60)
        : "%d:%02d".formatted(s / 60, s % 60);
  }

  /** Draws nothing after {@link #close}: a drawing may have waited for it. */
  synchronized void draw() {
    if (closed) {
      return;
    }
    String text = text(done.get(), totalRows, (System.nanoTime() - start) / 1e9);
    terminal.print("\r" + text + " ".repeat(Math.max(0, width - text.length())));
    terminal.flush();
    width = text.length();
  }

  @Override
  public synchronized void close() {
    closed = true;
    clock.shutdownNow();
    terminal.print("\r" + " ".repeat(width) + "\r");
    terminal.flush();
  }
}
