package io.instructorspark.spark;

import io.instructorspark.engine.BatchWatch;
import io.instructorspark.engine.Embedding;
import io.instructorspark.engine.Embeddings;
import io.instructorspark.engine.Models;
import io.instructorspark.engine.TextEmbedder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.TaskContext;

/**
 * A task's way to the model of its JVM: embeds windows of rows, counts, and ends between two passes
 * when its task is cancelled. The model is asked for with the first row. Not thread-safe.
 */
final class TaskEmbedder {
  private static final Embedding OF_NULL = new Embedding(null, 0, false, null);

  private final EmbedCall call;
  private final List<EmbeddingCounters> counters;
  private TextEmbedder embedder;

  /**
   * @param counters told of the work, beside the call's own metrics
   */
  TaskEmbedder(EmbedCall call, List<EmbeddingCounters> counters) {
    this.call = call;
    this.counters = new ArrayList<>(counters);
    if (call.metrics() != null) {
      this.counters.add(call.metrics());
    }
  }

  /** One row. A null text costs nothing. */
  Embedding embed(String instruction, String text) {
    return text == null
        ? OF_NULL
        : embed(Collections.singletonList(instruction), List.of(text)).get(0);
  }

  /**
   * A window of rows.
   *
   * @return one result for each row
   * @throws InvalidRowException if a row cannot be embedded and such rows are to be errors
   */
  List<Embedding> embed(List<String> instructions, List<String> texts) {
    if (embedder == null) {
      embedder =
          Models.onThisJvm(call.spec().model(), call.access())
              .embedder(call.spec().model(), call.spec().options());
    }
    Watch watch = new Watch();
    Embeddings embeddings = embedder.embed(instructions, texts, watch);
    long errors = 0;
    long truncated = 0;
    for (Embedding embedding : embeddings.rows()) {
      errors += embedding.error() == null ? 0 : 1;
      truncated += embedding.truncated() ? 1 : 0;
    }
    for (EmbeddingCounters counter : counters) {
      counter.addWindow(texts.size() - watch.rows, errors, truncated, embeddings.work());
    }
    if (errors > 0 && call.spec().handleInvalid() == HandleInvalid.ERROR) {
      throw new InvalidRowException(
          "a row cannot be embedded: %s. handleInvalid keep flags such rows, skip leaves them out."
              .formatted(firstError(embeddings.rows())));
    }
    return embeddings.rows();
  }

  private static String firstError(List<Embedding> rows) {
    return rows.stream().filter(row -> row.error() != null).findFirst().orElseThrow().error();
  }

  /** Ends a cancelled task between two passes, and lets the counters follow. */
  private final class Watch implements BatchWatch {
    private int rows;

    @Override
    public void afterBatch(int batchRows, long tokens) {
      TaskContext context = TaskContext.get();
      if (context != null) {
        context.killTaskIfInterrupted();
      }
      rows += batchRows;
      for (EmbeddingCounters counter : counters) {
        counter.addBatch(batchRows, tokens);
      }
    }
  }
}
