package io.instructorspark.engine;

import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * How many forward passes of this JVM are under way on a GPU at once: enough that it computes while
 * the next batch is brought to it, few enough that their memory adds up to little. Those who wait
 * come in their order. Thread-safe.
 */
final class Turns {
  /** One that computes and one that comes or goes. */
  static final int AT_ONCE = 2;

  private static final Map<Device, Turns> OF_GPUS = new ConcurrentHashMap<>();

  private final Device gpu;
  private final Semaphore free = new Semaphore(AT_ONCE, true);

  private Turns(Device gpu) {
    this.gpu = gpu;
  }

  /** Those of a GPU, shared by all its models. */
  static Turns on(Device gpu) {
    return OF_GPUS.computeIfAbsent(gpu, Turns::new);
  }

  /**
   * Runs a pass when its turn has come.
   *
   * @throws CancellationException if the thread is interrupted while it waits; it stays interrupted
   */
  <T> T during(Supplier<T> pass) {
    try {
      if (!free.tryAcquire(0, TimeUnit.SECONDS)) {
        Tally.waiting(this::acquired);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      CancellationException cancelled =
          new CancellationException("interrupted while waiting for a turn on " + gpu);
      cancelled.initCause(e);
      throw cancelled;
    }
    try {
      return pass.get();
    } finally {
      free.release();
    }
  }

  private Turns acquired() throws InterruptedException {
    free.acquire();
    return this;
  }
}
