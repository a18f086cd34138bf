package io.instructorspark.spark;

import io.instructorspark.engine.BatchWatch;
import io.instructorspark.engine.Embedding;
import io.instructorspark.engine.Embeddings;
import io.instructorspark.engine.Models;
import io.instructorspark.engine.TextEmbedder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * A partition's rows with their vectors, window by window, in the partition's order. At most one
 * window of rows and its vectors is held; the model is asked for with the first row, so an empty
 * partition loads nothing.
 */
final class EmbeddedRows implements Iterator<Row> {
  /**
   * A window ends early at that many characters, so that a run of very long texts does not fill the
   * heap.
   */
  private static final long WINDOW_CHARACTERS = 32L << 20;

  private final EmbedTask task;
  private final Iterator<Row> input;
  private TextEmbedder embedder;
  private Iterator<Row> window = Collections.emptyIterator();

  EmbeddedRows(EmbedTask task, Iterator<Row> input) {
    this.task = task;
    this.input = input;
  }

  @Override
  public boolean hasNext() {
    while (!window.hasNext() && input.hasNext()) {
      window = embed(nextWindow()).iterator();
    }
    return window.hasNext();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the partition has no more rows");
    }
    return window.next();
  }

  private List<Row> nextWindow() {
    int size = task.options().limits().windowSize();
    List<Row> rows = new ArrayList<>();
    for (long characters = 0;
        rows.size() < size && characters < WINDOW_CHARACTERS && input.hasNext(); ) {
      Row row = input.next();
      rows.add(row);
      characters += characters(row);
    }
    return rows;
  }

  private List<Row> embed(List<Row> rows) {
    if (embedder == null) {
      embedder = Models.onThisJvm(task.spec(), task.access()).embedder(task.spec(), task.options());
    }
    List<String> instructions = new ArrayList<>(rows.size());
    List<String> texts = new ArrayList<>(rows.size());
    for (Row row : rows) {
      instructions.add(instruction(row));
      texts.add(text(row));
    }
    Watch watch = new Watch(task.metrics());
    Embeddings embeddings = embedder.embed(instructions, texts, watch);
    if (task.metrics() != null) {
      task.metrics()
          .addWindow(
              rows.size() - watch.rows,
              embeddings.rows().stream().filter(e -> e.error() != null).count(),
              embeddings.rows().stream().filter(Embedding::truncated).count(),
              embeddings.work());
    }
    List<Row> results = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      Embedding embedding = embeddings.rows().get(i);
      if (embedding.error() == null || task.handleInvalid() == HandleInvalid.KEEP) {
        results.add(extend(rows.get(i), embedding));
      } else if (task.handleInvalid() == HandleInvalid.ERROR) {
        throw new InvalidRowException(
            "a row cannot be embedded: %s. handleInvalid keep flags such rows, skip leaves them out."
                .formatted(embedding.error()));
      }
    }
    return results;
  }

  /** Ends a cancelled task between two passes, and lets the counters follow. */
  private static final class Watch implements BatchWatch {
    private final EmbeddingMetrics metrics;
    private int rows;

    Watch(EmbeddingMetrics metrics) {
      this.metrics = metrics;
    }

    @Override
    public void afterBatch(int batchRows, long tokens) {
      TaskContext context = TaskContext.get();
      if (context != null) {
        context.killTaskIfInterrupted();
      }
      rows += batchRows;
      if (metrics != null) {
        metrics.addBatch(batchRows, tokens);
      }
    }
  }

  /** What a row holds in its strings and bytes, which is where rows get large. */
  private static long characters(Row row) {
    long characters = 0;
    for (int i = 0; i < row.size(); i++) {
      Object value = row.get(i);
      if (value instanceof String string) {
        characters += string.length();
      } else if (value instanceof byte[] bytes) {
        characters += bytes.length;
      }
    }
    return characters;
  }

  private String text(Row row) {
    return row.isNullAt(task.textIndex()) ? null : row.getString(task.textIndex());
  }

  private String instruction(Row row) {
    if (task.instructionIndex() < 0) {
      return task.instruction();
    }
    return row.isNullAt(task.instructionIndex()) ? "" : row.getString(task.instructionIndex());
  }

  private Row extend(Row row, Embedding embedding) {
    Object[] values = new Object[row.size() + 1 + task.columns().count()];
    int next = 0;
    while (next < row.size()) {
      values[next] = row.get(next);
      next++;
    }
    values[next++] =
        embedding.vector() == null ? null : task.outputType().value(embedding.vector());
    if (task.columns().tokenCount()) {
      values[next++] = embedding.tokenCount();
    }
    if (task.columns().truncated()) {
      values[next++] = embedding.truncated();
    }
    if (task.columns().error()) {
      values[next] = embedding.error();
    }
    return RowFactory.create(values);
  }
}
