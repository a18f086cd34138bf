package io.instructorspark.spark;

import io.instructorspark.engine.Embedding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * A partition's rows with their vectors, window by window, in the partition's order. At most one
 * window of rows and its vectors is held; the model is asked for with the first row, so an empty
 * partition loads nothing.
 */
final class EmbeddedRows implements Iterator<Row> {
  private final EmbedTask task;
  private final Iterator<Row> input;
  private final TaskEmbedder embedder;
  private final WindowLimit limit;
  private Iterator<Row> window = Collections.emptyIterator();

  EmbeddedRows(EmbedTask task, Iterator<Row> input) {
    this.task = task;
    this.input = input;
    this.embedder = new TaskEmbedder(task.call(), EmbeddingPlace.OF_THE_TASK, List.of());
    this.limit = new WindowLimit(task.call().spec().options().limits().windowSize());
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
    List<Row> rows = new ArrayList<>();
    limit.begin();
    while (limit.hasRoom() && input.hasNext()) {
      Row row = input.next();
      rows.add(row);
      limit.add(bytes(row));
    }
    return rows;
  }

  private List<Row> embed(List<Row> rows) {
    List<String> instructions = new ArrayList<>(rows.size());
    List<String> texts = new ArrayList<>(rows.size());
    for (Row row : rows) {
      instructions.add(
          task.instructionIndex() < 0
              ? task.instruction()
              : row.getString(task.instructionIndex()));
      texts.add(row.getString(task.textIndex()));
    }
    List<Embedding> embeddings = embedder.embed(instructions, texts);
    boolean skip = task.call().spec().handleInvalid() == HandleInvalid.SKIP;
    List<Row> results = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      Embedding embedding = embeddings.get(i);
      if (embedding.error() == null || !skip) {
        results.add(extend(rows.get(i), embedding));
      }
    }
    return results;
  }

  /** About what a row holds in its strings and bytes, which is where rows get large. */
  private static long bytes(Row row) {
    long bytes = 0;
    for (int i = 0; i < row.size(); i++) {
      Object value = row.get(i);
      if (value instanceof String string) {
        bytes += 2L * string.length();
      } else if (value instanceof byte[] array) {
        bytes += array.length;
      }
    }
    return bytes;
  }

  private Row extend(Row row, Embedding embedding) {
    Object[] values = new Object[row.size() + 1 + task.columns().count()];
    int next = 0;
    while (next < row.size()) {
      values[next] = row.get(next);
      next++;
    }
    values[next++] =
        embedding.vector() == null ? null : task.call().outputType().value(embedding.vector());
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
