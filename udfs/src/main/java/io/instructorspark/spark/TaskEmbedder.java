package io.instructorspark.spark;

import io.instructorspark.engine.BatchWatch;
import io.instructorspark.engine.Embedding;
import io.instructorspark.engine.Embeddings;
import io.instructorspark.engine.Models;
import io.instructorspark.engine.TextEmbedder;
import io.instructorspark.engine.Work;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
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
  private String lastInstruction;
  private String lastText;
  private Embedding lastResult;

  /**
   * @param place where the rows are
   * @param counters told of the work, beside the call's own metrics
   */
  TaskEmbedder(EmbedCall call, EmbeddingPlace place, List<EmbeddingCounters> counters) {
    this.call = call;
    this.counters = new ArrayList<>(counters);
    if (call.metrics() != null) {
      call.metrics().inTask(place).ifPresent(this.counters::add);
    }
  }

  /** One row. A null text costs nothing. */
  Embedding embed(String instruction, String text) {
    return text == null
        ? OF_NULL
        : embed(Collections.singletonList(instruction), List.of(text)).get(0);
  }

  /**
   * A window of rows, at least one.
   *
   * @return one result for each row
   * @throws InvalidRowException if a row cannot be embedded and such rows are to be errors
   */
  List<Embedding> embed(List<String> instructions, List<String> texts) {
    if (embedder == null) {
      ModelIdleTime.apply();
      embedder =
          Models.embedder(TaskDevice.of(call.spec().model()), call.access(), call.spec().options());
    }
    int repeated = leadingRepetitions(instructions, texts);
    Watch watch = new Watch();
    Embeddings rest =
        embedder.embed(
            instructions.subList(repeated, texts.size()),
            texts.subList(repeated, texts.size()),
            watch);
    List<Embedding> rows = new ArrayList<>(Collections.nCopies(repeated, lastResult));
    rows.addAll(rest.rows());
    remember(instructions, texts, rows);
    count(rows, watch.rows, rest.work());
    return rows;
  }

  /**
   * Rows at the beginning that are as the last row of the window before: sorted by instruction and
   * text, equal rows follow each other over any number of windows.
   */
  private int leadingRepetitions(List<String> instructions, List<String> texts) {
    int repeated = 0;
    while (lastText != null
        && repeated < texts.size()
        && lastText.equals(texts.get(repeated))
        && Objects.equals(lastInstruction, instructions.get(repeated))) {
      repeated++;
    }
    return repeated;
  }

  private void remember(List<String> instructions, List<String> texts, List<Embedding> rows) {
    int last = rows.size() - 1;
    lastInstruction = instructions.get(last);
    lastText = texts.get(last);
    lastResult = rows.get(last);
  }

  private void count(List<Embedding> rows, int rowsOfPasses, Work work) {
    long vectors = 0;
    long errors = 0;
    long truncated = 0;
    for (Embedding row : rows) {
      vectors += row.vector() == null ? 0 : 1;
      errors += row.error() == null ? 0 : 1;
      truncated += row.truncated() ? 1 : 0;
    }
    for (EmbeddingCounters counter : counters) {
      counter.addWindow(rows.size() - rowsOfPasses, errors, truncated, work.withTexts(vectors));
    }
    if (errors > 0 && call.spec().handleInvalid() == HandleInvalid.ERROR) {
      throw new InvalidRowException(
          "a row cannot be embedded: %s. handleInvalid keep flags such rows, skip leaves them out."
              .formatted(firstError(rows)));
    }
  }

  private static String firstError(List<Embedding> rows) {
    return rows.stream().filter(row -> row.error() != null).findFirst().orElseThrow().error();
  }

  /** Ends a cancelled task between two passes, and lets the counters follow. */
  private final class Watch implements BatchWatch {
    private int rows;

    @Override
    public void tokenizing() {
      TaskContext context = TaskContext.get();
      if (context != null) {
        context.killTaskIfInterrupted();
      }
    }

    @Override
    public void afterBatch(int batchRows, long tokens) {
      tokenizing();
      rows += batchRows;
      for (EmbeddingCounters counter : counters) {
        counter.addBatch(batchRows, tokens);
      }
    }

    @Override
    public void modelLoaded(long nanos) {
      for (EmbeddingCounters counter : counters) {
        counter.addModelLoad(nanos);
      }
    }
  }
}
