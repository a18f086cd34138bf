package io.instructorspark.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Work within libtorch, which the end of the JVM waits for: where a process ends while a thread is
 * in there, the thread may meet what is gone already, and crash. Once the end has begun, nothing
 * more begins. Thread-safe.
 */
final class NativeWork {
  /** More than a pass takes, unless it was asked to be large. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final NativeWork OF_THIS_JVM = new NativeWork();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                null, () -> OF_THIS_JVM.end(PATIENCE), "instructor-native-work-end", 0, false));
  }

  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private volatile boolean ending;

  NativeWork() {}

  /** That of all threads here. */
  static NativeWork ofThisJvm() {
    return OF_THIS_JVM;
  }

  /**
   * Does a piece of work. Any number of threads may at once.
   *
   * @throws EngineException if the end has begun
   */
  <T> T during(Supplier<T> work) {
    lock.readLock().lock();
    try {
      if (ending) {
        throw new EngineException("nothing more is computed: the JVM ends");
      }
      return work.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** As {@link #during}, for work that gives nothing back. */
  void run(Runnable work) {
    during(
        () -> {
          work.run();
          return null;
        });
  }

  /**
   * Lets nothing more begin, and waits for what is under way.
   *
   * @return whether all of it ended in that time
   */
  boolean end(Duration patience) {
    ending = true;
    try {
      boolean ended = lock.writeLock().tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
      if (ended) {
        lock.writeLock().unlock();
      }
      return ended;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
