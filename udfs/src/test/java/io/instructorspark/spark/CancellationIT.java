package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cancelled task ends between two forward passes. */
class CancellationIT {
  private static final int ROWS = 4_096; // one window, 2 million tokens: a minute at best
  private static final long SOON_MILLIS = 15_000; // some batches of a busy machine

  @Test
  @Timeout(120)
  void endsATaskLongBeforeItsWindow() throws Exception {
    SparkSession session = TestSession.get().newSession();
    SparkContext context = session.sparkContext();
    EmbeddingMetrics metrics = new EmbeddingMetrics(context);
    EmbeddingProgress progress = new EmbeddingProgress(metrics);
    context.addSparkListener(progress);
    Dataset<Row> rows =
        session
            .range(0, ROWS, 1, 1)
            .selectExpr("concat(id, repeat(' some words of a long text', 100)) AS text");
    Dataset<Row> embedded =
        new InstructorEmbedder().setInstruction("x: ").transformCounting(rows, metrics);
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    Thread job =
        new Thread(
            () -> {
              context.setJobGroup("cancelled", "a long run", true);
              try {
                embedded.write().format("noop").mode("overwrite").save();
                failure.complete(null);
              } catch (Throwable e) {
                failure.complete(e);
              }
            });
    job.start();
    while (running(context) == 0) {
      Thread.sleep(20);
    }
    Thread.sleep(2_000); // the model is there, passes are under way
    long start = System.nanoTime();
    context.cancelJobGroup("cancelled");
    while (running(context) > 0) {
      Thread.sleep(20);
    }
    assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(SOON_MILLIS);
    assertThat(failure.get(30, TimeUnit.SECONDS)).hasMessageContaining("cancelled");
    context.removeSparkListener(progress);
  }

  private static int running(SparkContext context) {
    return context.statusTracker().getExecutorInfos()[0].numRunningTasks();
  }
}
