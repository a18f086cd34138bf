package io.instructorspark.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/**
 * Threads that work on the shares of a batch side by side, each with one thread of libtorch: small
 * passes gain more by that than by threads that share each product.
 */
final class TrainingWorkers implements AutoCloseable {
  private final int count;
  private final ExecutorService threads;

  TrainingWorkers(int count) {
    this.count = count;
    this.threads =
        Executors.newFixedThreadPool(
            count,
            work -> {
              Thread thread = new Thread(work, "instructor-training");
              thread.setDaemon(true);
              return thread;
            });
  }

  int count() {
    return count;
  }

  /** Does a piece of work for each share and waits for all; the results, in the shares' order. */
  <T> List<T> each(int shares, IntFunction<T> work) {
    List<Future<T>> futures = new ArrayList<>();
    for (int i = 0; i < shares; i++) {
      int share = i;
      futures.add(
          threads.submit(
              () -> {
                LibTorch.useThreads(1);
                return work.apply(share);
              }));
    }
    List<T> results = new ArrayList<>();
    RuntimeException failure = null;
    for (Future<T> future : futures) {
      try {
        results.add(of(future));
      } catch (RuntimeException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return results;
  }

  /**
   * Native work cannot be broken off, and its arrays must outlive it: an interrupt waits for it.
   */
  private static <T> T of(Future<T> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new EngineException("a training step failed: " + e.getCause(), e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
