package io.instructorspark.engine;

import java.util.OptionalLong;

/**
 * Who is using something that may be freed only when nobody does. It is closed at once and freed by
 * whoever is last: nobody waits. Thread-safe.
 */
final class UseCount {
  private final Runnable free;
  private int uses;
  private boolean closed;
  private boolean kept;
  private long idleSince = System.nanoTime();

  /**
   * @param free runs once, when it is closed and not in use
   */
  UseCount(Runnable free) {
    this.free = free;
  }

  /** Begins a use, for which {@link #end} is called; false if it is closed. */
  synchronized boolean begin() {
    if (closed) {
      return false;
    }
    uses++;
    return true;
  }

  /** Ends a use; frees if it was the last and somebody closed meanwhile. */
  void end() {
    boolean last;
    synchronized (this) {
      uses--;
      idleSince = System.nanoTime();
      last = closed && uses == 0;
    }
    if (last) {
      free.run();
    }
  }

  /** Lets no more uses begin; frees now, or when the uses under way have ended. */
  void close() {
    boolean unused;
    synchronized (this) {
      unused = !closed && uses == 0;
      closed = true;
    }
    if (unused) {
      free.run();
    }
  }

  /** Keeps it from being closed for idleness; false if it is closed. */
  synchronized boolean keep() {
    kept = !closed;
    return kept;
  }

  /**
   * Closes what has not been used for that long.
   *
   * @return nanoseconds until it may have been idle for so long; empty if it is closed, now or
   *     before, or kept
   */
  OptionalLong closeIfIdle(long nanos) {
    synchronized (this) {
      if (closed || kept) {
        return OptionalLong.empty();
      }
      long left = uses > 0 ? nanos : nanos - (System.nanoTime() - idleSince);
      if (uses > 0 || left > 0) {
        return OptionalLong.of(left);
      }
      closed = true;
    }
    free.run();
    return OptionalLong.empty();
  }

  synchronized boolean isClosed() {
    return closed;
  }
}
