package io.instructorspark.job.train;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.instructorspark.job.rows.Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Writes the tasks of a partition, each to a file of its own, and gives a row of counts for each.
 * Runs in executors; holds one record. A task that runs twice writes twice, under names of its own.
 *
 * @param storage the file systems
 * @param folder where to write
 * @param rules what counts for the records of each source
 */
record TaskWriter(Storage storage, String folder, List<Rule> rules)
    implements MapPartitionsFunction<Row, Row> {
  /** What {@link #call} gives for a task. */
  static final StructType RESULT =
      new StructType()
          .add("source", DataTypes.IntegerType)
          .add("task", DataTypes.StringType)
          .add("written", DataTypes.StringType)
          .add("records", DataTypes.IntegerType)
          .add("negatives", DataTypes.IntegerType)
          .add("duplicates", DataTypes.LongType)
          .add("overlap", DataTypes.LongType)
          .add("withoutNegative", DataTypes.LongType)
          .add("overLimit", DataTypes.LongType);

  private static final JsonFactory JSON = new JsonFactory();

  /**
   * What counts for the records of a source.
   *
   * @param limit at most so many of a task
   * @param needsNegative whether records without one are left out
   */
  record Rule(int limit, boolean needsNegative) implements java.io.Serializable {}

  /**
   * Writes rows.
   *
   * @param rows source, task, the seven of {@link RecordColumns#CONTENT}, copies, overlaps; sorted
   *     by source and task
   */
  @Override
  public Iterator<Row> call(Iterator<Row> rows) throws IOException {
    List<Row> results = new ArrayList<>();
    Path writing = new Path(folder, PreparedFolder.WRITING);
    FileSystem files = storage.fileSystem(writing);
    Row next = rows.hasNext() ? rows.next() : null;
    while (next != null) {
      String name = "%d-%d.jsonl".formatted(TaskContext.get().taskAttemptId(), results.size());
      Rule rule = rules.get(next.getInt(0));
      try (Output output = new Output(next, rule, files, new Path(writing, name))) {
        while (next != null && output.holds(next)) {
          output.add(next);
          next = rows.hasNext() ? rows.next() : null;
        }
        results.add(output.counts());
      }
    }
    return results.iterator();
  }

  /** The file of one task. */
  private static final class Output implements AutoCloseable {
    private final int source;
    private final String task;
    private final Rule rule;
    private final Path file;
    private final JsonGenerator json;
    private int records;
    private int negatives;
    private long duplicates;
    private long overlap;
    private long withoutNegative;
    private long overLimit;

    Output(Row first, Rule rule, FileSystem files, Path file) throws IOException {
      this.source = first.getInt(0);
      this.task = first.getString(1);
      this.rule = rule;
      this.file = file;
      OutputStream out = files.create(file, true);
      this.json = JSON.createGenerator(out, JsonEncoding.UTF8).setRootValueSeparator(null);
    }

    boolean holds(Row row) {
      return row.getInt(0) == source && row.getString(1).equals(task);
    }

    void add(Row row) throws IOException {
      duplicates += row.getLong(9) - 1;
      boolean hasNegative = !row.isNullAt(7);
      if (row.getBoolean(10)) {
        overlap++;
      } else if (rule.needsNegative() && !hasNegative) {
        withoutNegative++;
      } else if (records == rule.limit()) {
        overLimit++;
      } else {
        write(row);
        records++;
        negatives += hasNegative ? 1 : 0;
      }
    }

    private void write(Row row) throws IOException {
      json.writeStartObject();
      side("query", row, 2);
      side("pos", row, 4);
      side("neg", row, 6);
      json.writeStringField("label", row.getString(8));
      json.writeEndObject();
      json.writeRaw('\n');
    }

    private void side(String name, Row row, int at) throws IOException {
      json.writeFieldName(name);
      if (row.isNullAt(at + 1)) {
        json.writeNull();
      } else {
        json.writeStartArray();
        json.writeString(row.getString(at));
        json.writeString(row.getString(at + 1));
        json.writeEndArray();
      }
    }

    @Override
    public void close() throws IOException {
      json.close();
    }

    Row counts() {
      return RowFactory.create(
          source,
          task,
          file.getName(),
          records,
          negatives,
          duplicates,
          overlap,
          withoutNegative,
          overLimit);
    }
  }
}
