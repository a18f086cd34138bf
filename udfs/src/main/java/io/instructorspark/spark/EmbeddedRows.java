package io.instructorspark.spark;

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
      TaskContext context = TaskContext.get();
      if (context != null) {
        context.killTaskIfInterrupted();
      }
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
      String text = text(row);
      characters += text == null ? 0 : text.length();
    }
    return rows;
  }

  private List<Row> embed(List<Row> rows) {
    if (embedder == null) {
      embedder = Models.onThisJvm(task.spec()).embedder(task.spec(), task.options());
    }
    List<String> instructions = new ArrayList<>(rows.size());
    List<String> texts = new ArrayList<>(rows.size());
    for (Row row : rows) {
      instructions.add(instruction(row));
      texts.add(text(row));
    }
    Embeddings embeddings = embedder.embed(instructions, texts);
    if (task.metrics() != null) {
      task.metrics()
          .add(
              rows.size(),
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
            "a row cannot be embedded: %s. Its text begins '%s'. handleInvalid keep flags such rows, skip leaves them out."
                .formatted(
                    embedding.error(),
                    texts.get(i).substring(0, Math.min(60, texts.get(i).length()))));
      }
    }
    return results;
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
