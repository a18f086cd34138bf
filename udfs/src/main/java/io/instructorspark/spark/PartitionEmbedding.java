package io.instructorspark.spark;

import io.instructorspark.engine.Embedding;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.expressions.codegen.GenerateUnsafeRowJoiner;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowJoiner;
import org.apache.spark.sql.types.StructType;

/**
 * What the operator's tasks do, as one record that travels.
 *
 * @param call model and mode
 * @param instruction bound to the input's columns
 * @param text bound to the input's columns
 * @param input the columns that pass through
 * @param counters the operator's metrics
 * @param embedding number of the operator's execution
 */
record PartitionEmbedding(
    EmbedCall call,
    Expression instruction,
    Expression text,
    StructType input,
    EmbedSqlMetrics counters,
    long embedding)
    implements Serializable {

  /** The partition's rows, each followed by its result. Rows are reused, as is Spark's custom. */
  Iterator<InternalRow> rows(int index, Iterator<InternalRow> partition) {
    return new Rows(this, new EmbeddingPlace(embedding, index), partition);
  }

  private static final class Rows implements Iterator<InternalRow> {
    private final PartitionEmbedding task;
    private final Iterator<InternalRow> partition;
    private final TaskEmbedder embedder;
    private final WindowLimit limit;
    private final UnsafeProjection unsafeInput;
    private final UnsafeProjection unsafeResult;
    private final UnsafeRowJoiner joiner;
    private final boolean constant;
    private final String constantInstruction;
    private List<UnsafeRow> window = List.of();
    private List<Embedding> embeddings = List.of();
    private int next;

    Rows(PartitionEmbedding task, EmbeddingPlace place, Iterator<InternalRow> partition) {
      this.task = task;
      this.partition = partition;
      this.embedder = new TaskEmbedder(task.call(), place, List.of(task.counters()));
      this.limit = new WindowLimit(task.call().spec().options().limits().windowSize());
      StructType result = new StructType().add("result", task.call().resultType(), false);
      this.unsafeInput = UnsafeProjection.create(task.input());
      this.unsafeResult = UnsafeProjection.create(result);
      this.joiner = GenerateUnsafeRowJoiner.create(task.input(), result);
      this.constant = task.instruction().foldable();
      this.constantInstruction = constant ? EmbedText.string(task.instruction().eval(null)) : null;
    }

    @Override
    public boolean hasNext() {
      if (next == window.size() && partition.hasNext()) {
        embedWindow();
      }
      return next < window.size();
    }

    @Override
    public InternalRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException("the partition has no more rows");
      }
      InternalRow result = task.call().outputType().result(embeddings.get(next));
      return joiner.join(
          window.get(next++), unsafeResult.apply(new GenericInternalRow(new Object[] {result})));
    }

    private void embedWindow() {
      window = new ArrayList<>();
      List<String> instructions = new ArrayList<>();
      List<String> texts = new ArrayList<>();
      limit.begin();
      while (limit.hasRoom() && partition.hasNext()) {
        InternalRow row = partition.next();
        String text = EmbedText.string(task.text().eval(row));
        instructions.add(text == null ? null : instruction(row));
        texts.add(text);
        UnsafeRow copy = unsafe(row).copy();
        window.add(copy);
        limit.add(copy.getSizeInBytes());
      }
      embeddings = embedder.embed(instructions, texts);
      next = 0;
    }

    private String instruction(InternalRow row) {
      return constant ? constantInstruction : EmbedText.string(task.instruction().eval(row));
    }

    private UnsafeRow unsafe(InternalRow row) {
      return row instanceof UnsafeRow already ? already : unsafeInput.apply(row);
    }
  }
}
