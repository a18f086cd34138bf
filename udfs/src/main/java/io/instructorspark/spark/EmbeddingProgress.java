package io.instructorspark.spark;

import io.instructorspark.spark.EmbeddingMetrics.Totals;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.Tuple4;

/**
 * How far a run is while its tasks are still working: what finished tasks counted, and what running
 * ones report with their heartbeats. Of several copies of a task, the one that is furthest counts.
 * An estimate for people; {@link EmbeddingMetrics#totals} is exact at the end. Thread-safe.
 */
public final class EmbeddingProgress extends SparkListener {
  private final EmbeddingMetrics metrics;
  private final Map<Long, Map<CountedPart, Totals>> running = new ConcurrentHashMap<>();

  /**
   * Rows and tokens.
   *
   * @param rows rows worked through
   * @param tokens tokens the encoder read
   */
  public record Counted(long rows, long tokens) {
    static Counted of(Totals totals) {
      return new Counted(totals.rows(), totals.tokens());
    }

    Counted plus(Counted other) {
      return new Counted(rows + other.rows, tokens + other.tokens);
    }

    /** What this has more than the other. */
    Counted beyond(Counted other) {
      return new Counted(Math.max(0, rows - other.rows), Math.max(0, tokens - other.tokens));
    }

    Counted orMore(Counted other) {
      return new Counted(Math.max(rows, other.rows), Math.max(tokens, other.tokens));
    }
  }

  /** A listener to be added to the session's context while the run lasts. */
  public EmbeddingProgress(EmbeddingMetrics metrics) {
    this.metrics = metrics;
  }

  /** What is done by now. */
  public Counted now() {
    Map<CountedPart, Counted> furthest = new HashMap<>();
    for (Map<CountedPart, Totals> task : running.values()) {
      task.forEach((part, totals) -> furthest.merge(part, Counted.of(totals), Counted::orMore));
    }
    Counted done = Counted.of(metrics.totals());
    for (Map.Entry<CountedPart, Counted> part : furthest.entrySet()) {
      done = done.plus(part.getValue().beyond(Counted.of(metrics.totals(part.getKey()))));
    }
    return done;
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    for (Tuple4<Object, Object, Object, ? extends scala.collection.Seq<AccumulableInfo>> task :
        Seqs.list(update.accumUpdates())) {
      for (AccumulableInfo info : Seqs.<AccumulableInfo>list(task._4())) {
        if (info.id() == metrics.id() && info.update().get() instanceof PartCounts.Value value) {
          running.put((Long) task._1(), value.parts());
        }
      }
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    running.remove(end.taskInfo().taskId());
  }
}
