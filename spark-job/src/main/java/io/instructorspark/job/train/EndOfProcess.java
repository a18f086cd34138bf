package io.instructorspark.job.train;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Holds up the end of the process (Ctrl-C, SIGTERM) until the step under way is done and the run is
 * saved: threads that are still within libtorch when it is unloaded would crash.
 */
final class EndOfProcess implements AutoCloseable {
  /** What the longest step and a state on a slow disk may take. */
  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch saved = new CountDownLatch(1);
  private final Thread hook = new Thread(this::hold, "instructor-training-end");
  private volatile boolean near;

  EndOfProcess() {
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      near = true; // it ends already
    }
  }

  /** Whether the process ends as soon as this is closed. */
  boolean isNear() {
    return near;
  }

  private void hold() {
    near = true;
    try {
      saved.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does
    }
  }

  @Override
  public void close() {
    saved.countDown();
    if (!near) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        near = true; // it ends just now
      }
    }
  }
}
