package io.instructorspark.spark;

import io.instructorspark.engine.Work;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.execution.metric.SQLMetrics;

/** What Spark's UI shows of the operator. */
final class EmbedSqlMetrics implements EmbeddingCounters, Serializable {
  private static final long serialVersionUID = 1L;

  private final SQLMetric rows;
  private final SQLMetric texts;
  private final SQLMetric tokens;
  private final SQLMetric paddedTokens;
  private final SQLMetric batches;
  private final SQLMetric tokenizer;
  private final SQLMetric model;
  private final SQLMetric errors;
  private final SQLMetric modelsLoaded;

  EmbedSqlMetrics(SparkContext context) {
    rows = SQLMetrics.createMetric(context, "rows");
    texts = SQLMetrics.createMetric(context, "texts encoded");
    tokens = SQLMetrics.createMetric(context, "tokens");
    paddedTokens = SQLMetrics.createMetric(context, "padded tokens");
    batches = SQLMetrics.createMetric(context, "batches");
    tokenizer = SQLMetrics.createNanoTimingMetric(context, "time in tokenizer", -1);
    model = SQLMetrics.createNanoTimingMetric(context, "time in model", -1);
    errors = SQLMetrics.createMetric(context, "errors");
    modelsLoaded = SQLMetrics.createMetric(context, "models loaded");
  }

  /** By the keys under which a plan is asked for them. */
  Map<String, SQLMetric> byKey() {
    Map<String, SQLMetric> metrics = new LinkedHashMap<>();
    metrics.put("rows", rows);
    metrics.put("texts", texts);
    metrics.put("tokens", tokens);
    metrics.put("paddedTokens", paddedTokens);
    metrics.put("batches", batches);
    metrics.put("tokenizerTime", tokenizer);
    metrics.put("modelTime", model);
    metrics.put("errors", errors);
    metrics.put("modelsLoaded", modelsLoaded);
    return metrics;
  }

  @Override
  public void addBatch(int batchRows, long batchTokens) {
    rows.add(batchRows);
    tokens.add(batchTokens);
  }

  @Override
  public void addWindow(int rowsWithoutPass, long windowErrors, long truncated, Work work) {
    rows.add(rowsWithoutPass);
    errors.add(windowErrors);
    texts.add(work.encoded());
    paddedTokens.add(work.paddedTokens());
    batches.add(work.batches());
    tokenizer.add(work.tokenizerNanos());
    model.add(work.modelNanos());
  }

  @Override
  public void addModelLoad(long nanos) {
    modelsLoaded.add(1);
  }
}
