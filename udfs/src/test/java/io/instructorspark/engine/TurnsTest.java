package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Turns turns = Turns.on(Device.gpu(7));

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  @Test
  void areSharedByAllThatUseAGpuAndByNobodyElse() {
    assertThat(Turns.on(Device.gpu(7))).isSameAs(turns);
    assertThat(Turns.on(Device.gpu(6))).isNotSameAs(turns);
  }

  @Test
  void letNoMorePassesRunAtOnceThanTheyAllow() throws Exception {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Future<Integer>> passes = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int number = i;
      passes.add(
          threads.submit(
              () ->
                  turns.during(
                      () -> {
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        sleep();
                        running.decrementAndGet();
                        return number;
                      })));
    }
    for (int i = 0; i < passes.size(); i++) {
      assertThat(passes.get(i).get(10, TimeUnit.SECONDS)).isEqualTo(i);
    }
    assertThat(most.get()).isEqualTo(Turns.AT_ONCE);
  }

  @Test
  void areSeenToBeWaitedFor() throws Exception {
    long before = Models.activity().waitedNanos();
    CountDownLatch end = new CountDownLatch(1);
    List<Future<Boolean>> passes = new ArrayList<>();
    for (int i = 0; i < Turns.AT_ONCE + 3; i++) {
      passes.add(threads.submit(() -> turns.during(() -> await(end))));
    }
    while (Models.activity().waiting() < 3) {
      Thread.sleep(1);
    }
    end.countDown();
    for (Future<Boolean> pass : passes) {
      assertThat(pass.get(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(Models.activity().waiting()).isZero();
    assertThat(Models.activity().waitedNanos()).isGreaterThan(before);
  }

  @Test
  void areGivenBackByAPassThatFails() {
    for (int i = 0; i < 2 * Turns.AT_ONCE; i++) {
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(
              () ->
                  turns.during(
                      () -> {
                        throw new EngineException("failed");
                      }));
    }
    assertThat(turns.during(() -> "still free")).isEqualTo("still free");
  }

  @Test
  void areNotWaitedForByAThreadThatIsInterrupted() throws Exception {
    CountDownLatch taken = new CountDownLatch(Turns.AT_ONCE);
    CountDownLatch end = new CountDownLatch(1);
    for (int i = 0; i < Turns.AT_ONCE; i++) {
      threads.submit(
          () ->
              turns.during(
                  () -> {
                    taken.countDown();
                    return await(end);
                  }));
    }
    assertThat(taken.await(10, TimeUnit.SECONDS)).isTrue();
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(() -> turns.during(() -> "never"))
        .withMessageContaining("waiting for a turn on cuda:7");
    assertThat(Thread.interrupted()).isTrue();
    end.countDown();
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
