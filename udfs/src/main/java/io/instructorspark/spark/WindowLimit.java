package io.instructorspark.spark;

/**
 * How many rows a window takes: as many as were asked for, fewer where they are long, so that a run
 * of very long texts does not fill the heap. A window has at least one row.
 */
final class WindowLimit {
  private static final long MOST_BYTES = 64L << 20;

  private final int mostRows;
  private int rows;
  private long bytes;

  WindowLimit(int mostRows) {
    this.mostRows = mostRows;
  }

  void begin() {
    rows = 0;
    bytes = 0;
  }

  boolean hasRoom() {
    return rows < mostRows && bytes < MOST_BYTES;
  }

  /** Counts a row of about that many bytes. */
  void add(long rowBytes) {
    rows++;
    bytes += rowBytes;
  }
}
