package io.instructorspark.spark;

import io.instructorspark.engine.Work;
import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * Counts of one embedding run, summed over its tasks by Spark's accumulators: exact once the job is
 * done and every task ran once; a task that is repeated counts again.
 */
public final class EmbeddingMetrics implements Serializable, EmbeddingCounters {
  private static final String PREFIX = "instructor.";

  private final LongAccumulator rows;
  private final LongAccumulator errors;
  private final LongAccumulator texts;
  private final LongAccumulator encoded;
  private final LongAccumulator tokens;
  private final LongAccumulator paddedTokens;
  private final LongAccumulator batches;
  private final LongAccumulator tokenizerNanos;
  private final LongAccumulator modelNanos;
  private final LongAccumulator truncated;
  private final LongAccumulator modelLoads;

  /** Registers the counters with a running context. */
  public EmbeddingMetrics(SparkContext context) {
    rows = context.longAccumulator(PREFIX + "rows");
    errors = context.longAccumulator(PREFIX + "errors");
    texts = context.longAccumulator(PREFIX + "texts");
    encoded = context.longAccumulator(PREFIX + "encoded");
    tokens = context.longAccumulator(PREFIX + "tokens");
    paddedTokens = context.longAccumulator(PREFIX + "paddedTokens");
    batches = context.longAccumulator(PREFIX + "batches");
    tokenizerNanos = context.longAccumulator(PREFIX + "tokenizerNanos");
    modelNanos = context.longAccumulator(PREFIX + "modelNanos");
    truncated = context.longAccumulator(PREFIX + "truncated");
    modelLoads = context.longAccumulator(PREFIX + "modelLoads");
  }

  @Override
  public void addBatch(int batchRows, long batchTokens) {
    rows.add(batchRows);
    tokens.add(batchTokens);
  }

  @Override
  public void addWindow(int rowsWithoutPass, long windowErrors, long windowTruncated, Work work) {
    rows.add(rowsWithoutPass);
    errors.add(windowErrors);
    truncated.add(windowTruncated);
    texts.add(work.texts());
    encoded.add(work.encoded());
    paddedTokens.add(work.paddedTokens());
    batches.add(work.batches());
    tokenizerNanos.add(work.tokenizerNanos());
    modelNanos.add(work.modelNanos());
  }

  @Override
  public void addModelLoad() {
    modelLoads.add(1);
  }

  /** The counts of tasks that are done. */
  public Totals totals() {
    return new Totals(
        rows.value(),
        errors.value(),
        truncated.value(),
        modelLoads.value(),
        new Work(
            texts.value(),
            encoded.value(),
            tokens.value(),
            paddedTokens.value(),
            batches.value(),
            tokenizerNanos.value(),
            modelNanos.value()));
  }

  long rowsId() {
    return rows.id();
  }

  long tokensId() {
    return tokens.id();
  }

  /**
   * Sums over tasks.
   *
   * @param rows rows read
   * @param errors rows without a vector because of an error; null texts are not errors
   * @param truncated rows whose text was cut
   * @param modelLoads models that tasks loaded into their JVM; 0 where all found one there
   * @param work texts, tokens, batches and nanoseconds summed over task threads
   */
  public record Totals(long rows, long errors, long truncated, long modelLoads, Work work) {
    /** Real tokens by padded tokens, in (0, 1]; 1 where nothing was encoded. */
    public double paddingRatio() {
      return work.paddedTokens() == 0 ? 1 : (double) work.tokens() / work.paddedTokens();
    }
  }
}
