package io.instructorspark.spark;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.Tuple4;

/**
 * How far a run is while its tasks are still working: what finished tasks counted, and what running
 * ones report with their heartbeats. An estimate for people; {@link EmbeddingMetrics#totals} is
 * exact at the end. Thread-safe.
 */
public final class EmbeddingProgress extends SparkListener {
  private final EmbeddingMetrics metrics;
  private final long rowsId;
  private final long tokensId;
  private final Map<Long, Counted> running = new ConcurrentHashMap<>();

  /**
   * Rows and tokens.
   *
   * @param rows rows worked through
   * @param tokens tokens the encoder read
   */
  public record Counted(long rows, long tokens) {
    Counted plus(Counted other) {
      return new Counted(rows + other.rows, tokens + other.tokens);
    }
  }

  /** A listener to be added to the session's context while the run lasts. */
  public EmbeddingProgress(EmbeddingMetrics metrics) {
    this.metrics = metrics;
    this.rowsId = metrics.rowsId();
    this.tokensId = metrics.tokensId();
  }

  /** What is done by now. */
  public Counted now() {
    EmbeddingMetrics.Totals totals = metrics.totals();
    return running.values().stream()
        .reduce(new Counted(totals.rows(), totals.work().tokens()), Counted::plus);
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    for (Tuple4<Object, Object, Object, ? extends scala.collection.Seq<AccumulableInfo>> task :
        Seqs.list(update.accumUpdates())) {
      long rows = 0;
      long tokens = 0;
      for (AccumulableInfo info : Seqs.<AccumulableInfo>list(task._4())) {
        if (info.id() == rowsId) {
          rows = (Long) info.update().get();
        } else if (info.id() == tokensId) {
          tokens = (Long) info.update().get();
        }
      }
      if (rows > 0) {
        running.put((Long) task._1(), new Counted(rows, tokens));
      }
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    running.remove(end.taskInfo().taskId());
  }
}
