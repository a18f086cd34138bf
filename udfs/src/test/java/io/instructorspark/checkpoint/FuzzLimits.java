package io.instructorspark.checkpoint;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * What every reader must do with any input: read it, or throw a {@link CheckpointException} with a
 * message fit to print; within bounds of memory and time.
 */
final class FuzzLimits {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long MOST_BYTES = 64 << 20;
  private static final long MOST_NANOS = 2_000_000_000L;
  private static final int MOST_CHARACTERS = 1_000;

  private FuzzLimits() {}

  interface Reader {
    void read() throws Exception;
  }

  /**
   * Runs a reader; whatever breaks the rule comes out as an error. What the first time took too
   * much is given another: it may have loaded classes.
   */
  static void check(Reader reader) {
    if (excess(reader) != null) {
      String excess = excess(reader);
      if (excess != null) {
        throw new AssertionError(excess);
      }
    }
  }

  private static String excess(Reader reader) {
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    long start = System.nanoTime();
    try {
      reader.read();
    } catch (CheckpointException e) {
      requirePrintable(e.getMessage());
    } catch (Exception e) {
      throw new AssertionError("another exception came out", e);
    }
    long nanos = System.nanoTime() - start;
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - bytes;
    return allocated > MOST_BYTES || nanos > MOST_NANOS
        ? "%d bytes were allocated in %d ms".formatted(allocated, nanos / 1_000_000)
        : null;
  }

  private static void requirePrintable(String message) {
    if (message.length() > MOST_CHARACTERS || message.chars().anyMatch(Character::isISOControl)) {
      throw new AssertionError("a message is long or has control characters: " + message);
    }
  }
}
