package io.instructorspark.engine;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of what has been idle for some time: one daemon thread, which is there only while there
 * is something to wait for. Thread-safe.
 */
final class IdleRelease {
  private static final Logger LOG = LoggerFactory.getLogger(IdleRelease.class);

  private final LongFunction<OptionalLong> release;
  private long keepNanos;
  private Thread thread;

  /**
   * @param release lets go of what has been idle for so many nanoseconds, and says in how many the
   *     next may have been; empty if nothing is there
   */
  IdleRelease(Duration keepFor, LongFunction<OptionalLong> release) {
    this.release = release;
    this.keepNanos = nanos(keepFor);
  }

  private static long nanos(Duration duration) {
    if (duration.isZero() || duration.isNegative()) {
      throw new IllegalArgumentException(
          "unused models are kept for a time above 0, got %s; Models.FOREVER keeps them"
              .formatted(duration));
    }
    return TimeUnit.NANOSECONDS.convert(duration); // saturates
  }

  synchronized void keepFor(Duration duration) {
    keepNanos = nanos(duration);
    notifyAll();
    watch();
  }

  /** There is something that may become idle. */
  synchronized void watch() {
    if (thread == null && keepNanos < Long.MAX_VALUE) {
      // a task's thread may be asking: nothing of its job is to live on in this one
      thread = new Thread(null, this::run, "instructor-idle-models", 0, false);
      thread.setDaemon(true);
      thread.setContextClassLoader(IdleRelease.class.getClassLoader());
      thread.start();
    }
  }

  private synchronized void run() {
    try {
      while (keepNanos < Long.MAX_VALUE) {
        OptionalLong next = release.apply(keepNanos);
        if (next.isEmpty()) {
          return;
        }
        TimeUnit.NANOSECONDS.timedWait(
            this, Math.max(TimeUnit.MILLISECONDS.toNanos(1), next.getAsLong()));
      }
    } catch (InterruptedException e) {
      LOG.warn("interrupted: unused models stay until the next one is loaded");
    } finally {
      thread = null;
    }
  }

  /** Whether the thread is there. */
  synchronized boolean isWatching() {
    return thread != null;
  }
}
