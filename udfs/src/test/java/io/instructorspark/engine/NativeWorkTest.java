package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NativeWorkTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final NativeWork work = new NativeWork();
  private final CountDownLatch done = new CountDownLatch(1);

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  /** Work that is under way until {@link #done}. */
  private Future<String> begun() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    Future<String> result =
        threads.submit(
            () ->
                work.during(
                    () -> {
                      begun.countDown();
                      await();
                      return "done";
                    }));
    begun.await();
    return result;
  }

  private void await() {
    try {
      done.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void isDoneByManyThreadsAtOnce() throws Exception {
    Future<String> first = begun();
    assertThat(work.during(() -> "another")).isEqualTo("another");
    done.countDown();
    assertThat(first.get()).isEqualTo("done");
  }

  @Test
  void isWaitedForAtTheEndAndNothingMoreBegins() throws Exception {
    Future<String> first = begun();
    assertThat(work.end(Duration.ofMillis(50))).isFalse();
    Future<Boolean> end = threads.submit(() -> work.end(LONG));
    Future<String> late = threads.submit(() -> work.during(() -> "too late"));
    assertThat(end.isDone()).isFalse();
    done.countDown();
    assertThat(end.get()).isTrue();
    assertThat(first.get()).isEqualTo("done");
    assertThatExceptionOfType(java.util.concurrent.ExecutionException.class)
        .isThrownBy(late::get)
        .havingCause()
        .isInstanceOf(EngineException.class)
        .withMessageContaining("the JVM ends");
  }

  @Test
  void thatFailsIsOver() {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(
            () ->
                work.during(
                    () -> {
                      throw new IllegalStateException("on purpose");
                    }));
    assertThat(work.end(Duration.ZERO)).isTrue();
  }
}
