package io.instructorspark.job.tables;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;

/** Counts the texts that tasks encode, by the metric of the operator. */
final class EncodedTexts extends SparkListener {
  private static final String METRIC = "texts encoded";
  private static final long WAIT_MILLIS = 60_000;

  private final SparkContext context;
  private final AtomicLong texts = new AtomicLong();

  EncodedTexts(SparkSession session) {
    context = session.sparkContext();
    context.addSparkListener(this);
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd task) {
    task.taskInfo().accumulables().foreach(this::count);
  }

  private Object count(AccumulableInfo metric) {
    if (metric.name().contains(METRIC) && metric.update().isDefined()) {
      texts.addAndGet(Long.parseLong(metric.update().get().toString()));
    }
    return null;
  }

  /** Since the last call, or the beginning. */
  long since() {
    try {
      context.listenerBus().waitUntilEmpty(WAIT_MILLIS);
    } catch (Exception e) { // checked, though Scala does not say so
      throw new IllegalStateException(e);
    }
    return texts.getAndSet(0);
  }

  void stop() {
    context.removeSparkListener(this);
  }
}
