package io.instructorspark.job.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TransferProgressTest {
  private static final long SECOND = 1_000_000_000;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private final AtomicLong clock = new AtomicLong();

  private TransferProgress progress(boolean redraws) {
    return new TransferProgress(out, redraws, clock::get);
  }

  private String shown() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void drawsSizesRateAndTimeLeft() {
    TransferProgress progress = progress(true);
    progress.transferred("hf/large/model", 0, 1_340_000_000);
    clock.set(10 * SECOND);
    progress.transferred("hf/large/model", 335_000_000, 1_340_000_000);
    assertThat(shown())
        .endsWith("\rcopying hf/large/model: 335 MB of 1.34 GB  25 %  33.5 MB/s  0:30 left");
  }

  @Test
  void clearsTheLineWhenAFileIsComplete() {
    TransferProgress progress = progress(true);
    progress.transferred("f", 0, 10);
    clock.set(SECOND);
    progress.transferred("f", 5, 10);
    progress.transferred("f", 10, 10);
    assertThat(shown()).contains("50 %").endsWith(" \r");
  }

  @Test
  void drawsNothingForACopyThatIsOverAtOnce() {
    TransferProgress progress = progress(true);
    progress.transferred("f", 0, 10);
    progress.transferred("f", 10, 10);
    assertThat(shown()).isEmpty();
  }

  @Test
  void printsALineEveryTenSecondsWhereThereIsNoTerminal() {
    TransferProgress progress = progress(false);
    for (int second = 0; second <= 25; second++) {
      clock.set(second * SECOND);
      progress.transferred("f", second * 1000L, 100_000);
    }
    assertThat(shown().lines())
        .containsExactly(
            "copying f: 10.0 KB of 100 KB  10 %  1.00 KB/s  1:30 left",
            "copying f: 20.0 KB of 100 KB  20 %  1.00 KB/s  1:20 left");
  }

  @Test
  void saysNothingOfShortCopiesWhereThereIsNoTerminal() {
    TransferProgress progress = progress(false);
    progress.transferred("f", 0, 10);
    clock.set(3 * SECOND);
    progress.transferred("f", 10, 10);
    assertThat(shown()).isEmpty();
  }

  @Test
  void countsWhatWasCopiedNowAndNotWhatWasThere() {
    TransferProgress progress = progress(false);
    progress.transferred("taken up again", 600, 1000);
    progress.transferred("taken up again", 1000, 1000);
    progress.count("other", 0, 50);
    progress.count("other", 50, 50);
    assertThat(progress.bytes()).isEqualTo(450);
  }
}
