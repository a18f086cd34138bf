package io.instructorspark.spark;

import io.instructorspark.engine.Activity;
import io.instructorspark.engine.Models;
import java.util.function.Function;

/**
 * What {@link InstructorPlugin} shows of an executor's JVM among Spark's metrics, each a gauge. All
 * but {@link #MODELS_LOADED} and {@link #QUEUE_WAITING} only grow; work of tasks that failed or
 * were repeated counts.
 */
public enum ExecutorMetric {
  /** Models in memory now. */
  MODELS_LOADED("models.loaded", "models in memory now", activity -> Models.loaded()),
  /** Models loaded so far. */
  MODELS_LOADS("models.loads", "models loaded so far", Activity::loads),
  /** Seconds that loading took. */
  MODELS_LOAD_SECONDS(
      "models.loadSeconds",
      "seconds that loading them took",
      activity -> seconds(activity.loadNanos())),
  /** Texts that the encoder read. */
  TEXTS_ENCODED("texts.encoded", "texts that the encoder read", Activity::texts),
  /** Texts with an error in place of a vector. */
  TEXTS_ERRORS("texts.errors", "texts with an error in place of a vector", Activity::errors),
  /** Tokens of the encoded texts. */
  TOKENS_ENCODED(
      "tokens.encoded", "tokens of the encoded texts, padding left out", Activity::tokens),
  /** Forward passes. */
  PASSES("passes", "forward passes of the encoder", Activity::passes),
  /** Seconds in forward passes. */
  MODEL_SECONDS(
      "model.seconds",
      "seconds in forward passes, without waiting, summed over task threads",
      activity -> seconds(activity.modelNanos())),
  /** Seconds in the tokenizer. */
  TOKENIZER_SECONDS(
      "tokenizer.seconds",
      "seconds in the tokenizer, summed over task threads",
      activity -> seconds(activity.tokenizerNanos())),
  /** Task threads that wait. */
  QUEUE_WAITING(
      "queue.waiting",
      "task threads that wait now, for their turn on a GPU or for a model that another thread loads",
      Activity::waiting),
  /** Seconds that task threads have waited. */
  QUEUE_SECONDS(
      "queue.seconds",
      "seconds that task threads have waited so",
      activity -> seconds(activity.waitedNanos()));

  private static final double NANOS_PER_SECOND = 1e9;

  private final String metric;
  private final String meaning;
  private final Function<Activity, Number> value;

  ExecutorMetric(String metric, String meaning, Function<Activity, Number> value) {
    this.metric = metric;
    this.meaning = meaning;
    this.value = value;
  }

  /** Its name behind {@code plugin.io.instructorspark.spark.InstructorPlugin.}. */
  public String metric() {
    return metric;
  }

  /** What it counts, in words. */
  public String meaning() {
    return meaning;
  }

  /** Its value in this JVM. */
  Number value() {
    return value.apply(Models.activity());
  }

  private static double seconds(long nanos) {
    return nanos / NANOS_PER_SECOND;
  }
}
