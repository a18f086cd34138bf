package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UseCountTest {
  private static final long NOW = 0;
  private static final long LONG = TimeUnit.HOURS.toNanos(1);

  private final AtomicInteger freed = new AtomicInteger();
  private final UseCount uses = new UseCount(freed::incrementAndGet);

  @Test
  void freesAtOnceWhereNobodyUses() {
    uses.close();
    assertThat(freed).hasValue(1);
    assertThat(uses.isClosed()).isTrue();
  }

  @Test
  void freesOnceHoweverOftenItIsClosed() {
    uses.close();
    uses.close();
    assertThat(freed).hasValue(1);
  }

  @Test
  void letsTheLastUserFree() {
    uses.begin();
    uses.begin();
    uses.close();
    uses.end();
    assertThat(freed).hasValue(0);
    uses.end();
    assertThat(freed).hasValue(1);
  }

  @Test
  void letsNobodyBeginOnceClosed() {
    assertThat(uses.begin()).isTrue();
    uses.close();
    assertThat(uses.begin()).isFalse();
  }

  @Test
  void closesWhatIsIdle() {
    assertThat(uses.closeIfIdle(NOW)).isEmpty();
    assertThat(freed).hasValue(1);
    assertThat(uses.begin()).isFalse();
  }

  @Test
  void doesNotCloseWhatIsInUse() {
    uses.begin();
    assertThat(uses.closeIfIdle(NOW)).hasValue(NOW);
    assertThat(uses.isClosed()).isFalse();
    uses.end();
    assertThat(uses.closeIfIdle(NOW)).isEmpty();
    assertThat(freed).hasValue(1);
  }

  @Test
  void saysHowLongItTakesToBeIdleEnough() {
    assertThat(uses.closeIfIdle(LONG).orElseThrow()).isBetween(LONG / 2, LONG);
    assertThat(freed).hasValue(0);
  }

  @Test
  void countsIdlenessFromTheEndOfTheLastUse() throws InterruptedException {
    uses.begin();
    Thread.sleep(500);
    uses.end();
    assertThat(uses.closeIfIdle(LONG).orElseThrow())
        .isGreaterThan(LONG - TimeUnit.MILLISECONDS.toNanos(400));
  }

  @Test
  void doesNotCloseForIdlenessWhatIsKept() {
    assertThat(uses.keep()).isTrue();
    assertThat(uses.closeIfIdle(NOW)).isEmpty();
    assertThat(uses.isClosed()).isFalse();
    uses.close();
    assertThat(freed).hasValue(1);
    assertThat(uses.keep()).isFalse();
  }
}
