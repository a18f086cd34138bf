package io.instructorspark.job.metrics;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Shows how the copying of files goes on, and counts what was copied. On a terminal one line is
 * rewritten, and cleared at the end of each file; elsewhere a line is printed for every ten seconds
 * that a copy lasts. Thread-safe.
 */
public final class TransferProgress implements AutoCloseable {
  private static final double DRAW_SECONDS = 0.2;
  private static final double PRINT_SECONDS = 10;
  private static final int LONGEST_NAME = 48;

  private final PrintStream out;
  private final boolean redraws;
  private final LongSupplier nanos;
  private final Map<String, Copy> copies = new HashMap<>();
  private long bytes;
  private double shownAt = Double.NEGATIVE_INFINITY;
  private int width;

  /** Where a file's copy began, in bytes and seconds, and where it is. */
  private record Copy(long from, double since, long done) {}

  TransferProgress(PrintStream out, boolean redraws, LongSupplier nanos) {
    this.out = out;
    this.redraws = redraws;
    this.nanos = nanos;
  }

  /** On a terminal. */
  public static TransferProgress drawn(PrintStream terminal) {
    return new TransferProgress(terminal, true, System::nanoTime);
  }

  /** Into a file or a pipe. */
  public static TransferProgress printed(PrintStream out) {
    return new TransferProgress(out, false, System::nanoTime);
  }

  /**
   * Counts a step of a file's copy and shows it.
   *
   * @param done bytes of the file that are there; the first step of a file says where it begins
   */
  public synchronized void transferred(String file, long done, long total) {
    double now = seconds();
    Copy copy = step(file, done, now);
    boolean complete = done >= total;
    if (redraws) {
      if (complete) {
        clear();
      } else if (now - Math.max(shownAt, copy.since()) >= DRAW_SECONDS) {
        shownAt = now;
        draw(text(file, copy, total, now));
      }
    } else if (!complete && now - Math.max(shownAt, copy.since()) >= PRINT_SECONDS) {
      shownAt = now;
      out.println(text(file, copy, total, now));
    }
    if (complete) {
      copies.remove(file);
    }
  }

  /** Counts a step of a file's copy and shows nothing. */
  public synchronized void count(String file, long done, long total) {
    step(file, done, seconds());
    if (done >= total) {
      copies.remove(file);
    }
  }

  /** Bytes that were copied since the beginning, over all files. */
  public synchronized long bytes() {
    return bytes;
  }

  /** Clears the line. */
  @Override
  public synchronized void close() {
    clear();
  }

  private Copy step(String file, long done, double now) {
    Copy before = copies.getOrDefault(file, new Copy(done, now, done));
    bytes += Math.max(0, done - before.done());
    Copy copy = new Copy(before.from(), before.since(), done);
    copies.put(file, copy);
    return copy;
  }

  private static String text(String file, Copy copy, long total, double now) {
    double perSecond = (copy.done() - copy.from()) / Math.max(now - copy.since(), 1e-3);
    String left = perSecond > 0 ? ProgressLine.clock((total - copy.done()) / perSecond) : "-:--";
    return String.format(
        Locale.ROOT,
        "copying %s: %s of %s  %d %%  %s/s  %s left",
        name(file),
        ByteCount.text(copy.done()),
        ByteCount.text(total),
        100 * copy.done() / Math.max(1, total),
        ByteCount.text(Math.round(perSecond)),
        left);
  }

  /** The end of a long name, which tells files apart. */
  private static String name(String file) {
    String plain = file.replaceAll("\\p{Cntrl}", "?");
    return plain.length() <= LONGEST_NAME
        ? plain
        : "…" + plain.substring(plain.length() - LONGEST_NAME + 1);
  }

  private void draw(String text) {
    out.print("\r" + text + " ".repeat(Math.max(0, width - text.length())));
    out.flush();
    width = text.length();
  }

  private void clear() {
    if (width > 0) {
      out.print("\r" + " ".repeat(width) + "\r");
      out.flush();
      width = 0;
    }
  }

  private double seconds() {
    return nanos.getAsLong() / 1e9;
  }
}
