package io.instructorspark.job.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.instructorspark.job.metrics.ProgressLine.Done;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  @Test
  void showsRowsRateAndTimeLeft() {
    assertThat(ProgressLine.text(new Done(2500, 100_000), 10_000, 20))
        .isEqualTo("2,500 of 10,000 rows  25 %  5,000 tokens/s  1:00 left");
  }

  @Test
  void knowsNoTimeLeftBeforeTheFirstRow() {
    assertThat(ProgressLine.text(new Done(0, 0), 10, 1)).contains("-:-- left");
  }

  @Test
  void clearsItselfAtTheEnd() throws InterruptedException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ProgressLine line =
        ProgressLine.start(
            new PrintStream(bytes, true, StandardCharsets.UTF_8), 2, () -> new Done(1, 5));
    Thread.sleep(700);
    line.close();
    assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("1 of 2 rows").endsWith(" \r");
  }

  @Test
  void drawsNothingAfterItsEnd() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ProgressLine line =
        ProgressLine.start(
            new PrintStream(bytes, true, StandardCharsets.UTF_8), 2, () -> new Done(1, 5));
    line.close();
    line.draw();
    assertThat(bytes.toString(StandardCharsets.UTF_8)).doesNotContain("rows");
  }
}
