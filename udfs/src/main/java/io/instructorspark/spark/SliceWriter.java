package io.instructorspark.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.execution.datasources.OutputWriter;
import org.apache.spark.util.TaskFailureListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes an embedded slice, which is a partition, into a part file, says that it is done, and
 * returns what it is. After the output's columns a row has three of the run's: {@link #ERROR},
 * {@link #TRUNCATED} and {@link #FILE}, the slice it is of.
 *
 * @param files writers of the output's columns
 * @param run the run whose slices they are
 * @param owner the claim under which this task works, which may be a later one
 * @param numbers slices by the names of their files
 * @param rows how many rows each slice has
 * @param vectorColumn place of the vector
 * @param skip whether rows with errors are left out
 */
record SliceWriter(
    RunFolder folder,
    RowFiles files,
    RunToken run,
    RunOwner.Ticket owner,
    Map<String, Integer> numbers,
    Map<Integer, Long> rows,
    int vectorColumn,
    boolean skip)
    implements FlatMapFunction<Iterator<InternalRow>, String>, Serializable {
  static final String ERROR = "_run_error";
  static final String TRUNCATED = "_run_truncated";
  static final String FILE = "_run_file";

  private static final Logger LOG = LoggerFactory.getLogger(SliceWriter.class);

  @Override
  public Iterator<String> call(Iterator<InternalRow> embedded) {
    if (!embedded.hasNext()) {
      return Collections.emptyIterator();
    }
    InternalRow row = embedded.next();
    String file = file(row);
    int slice = numbers.get(file);
    Optional<PartFile> done = folder.done(run, slice, rows.get(slice));
    if (done.isPresent()) { // by an attempt whose word was lost
      return List.of(RunStore.text(done.get())).iterator();
    }
    owner.require();
    Part part = new Part(file, slice);
    part.write(row);
    while (embedded.hasNext()) {
      row = embedded.next();
      if (!file(row).equals(file)) {
        throw new IllegalStateException(
            "a partition holds rows of %s and of %s".formatted(file, file(row)));
      }
      part.write(row);
    }
    return List.of(RunStore.text(part.finish())).iterator();
  }

  private String file(InternalRow row) {
    return row.getUTF8String(files.schema().length() + 2).toString();
  }

  /** A part file that is being written; deleted if its task fails. */
  private final class Part {
    private final String file;
    private final int slice;
    private final Path path;
    private final OutputWriter out;
    private final UnsafeProjection columns = files.columns();
    private boolean closed;
    private boolean finished;
    private long written;
    private long vectors;
    private long errors;
    private long truncated;
    private long skipped;

    Part(String file, int slice) {
      this.file = file;
      this.slice = slice;
      this.path =
          folder.part(
              "%s%s-%s%s"
                  .formatted(
                      PartFile.PREFIX,
                      RunToken.sixDigits(slice),
                      UUID.randomUUID(),
                      files.extension()));
      try {
        this.out = files.open(path);
      } catch (Exception | FSError e) { // Scala's do not declare what they throw
        throw explained(folder, path, e);
      }
      TaskContext.get().addTaskFailureListener((TaskFailureListener) (task, e) -> discard());
    }

    void write(InternalRow row) {
      int width = files.schema().length();
      boolean error = !row.isNullAt(width);
      if (error) {
        errors++;
      }
      if (error && skip) {
        skipped++;
        return;
      }
      written++;
      vectors += row.isNullAt(vectorColumn) ? 0 : 1;
      truncated += row.getBoolean(width + 1) ? 1 : 0;
      try {
        out.write(columns.apply(row));
      } catch (Exception | FSError e) { // Scala's do not declare what they throw
        throw explained(folder, path, e);
      }
    }

    PartFile finish() {
      close();
      if (written + skipped != rows.get(slice)) {
        throw new OutputException(
            "slice %d of %s has %d rows where %d were cut: %s was changed or damaged. Replace the output with --if-exists overwrite"
                .formatted(slice, folder.shown(), written + skipped, rows.get(slice), file));
      }
      long length = folder.store().length(path);
      if (length < 0) {
        throw new OutputException(
            "%s was deleted while it was written; run again with --if-exists resume"
                .formatted(path));
      }
      owner.require();
      PartFile part =
          new PartFile(slice, path.getName(), length, written, vectors, errors, truncated, skipped);
      finished = true; // whether the marker was written is not always known where that fails
      PartFile holder = folder.mark(run, part);
      if (!holder.equals(part)) {
        folder.store().delete(path); // another attempt was first, and has the same rows
      }
      return holder;
    }

    private void close() {
      closed = true;
      try {
        out.close();
      } catch (Exception | FSError e) { // Scala's do not declare what they throw
        throw explained(folder, path, e);
      }
    }

    private void discard() {
      if (finished) {
        return;
      }
      try {
        if (!closed) {
          closed = true;
          out.close();
        }
      } catch (Exception | FSError e) {
        LOG.debug("{} was not closed", path, e); // the failure that is reported is the task's
      } finally {
        folder.store().delete(path);
      }
    }
  }

  /**
   * What cannot be written says so itself; other failures are nothing of the output's. Hadoop's
   * local file system throws an error of its own where a disk is full.
   */
  static RuntimeException explained(RunFolder folder, Path path, Throwable failure) {
    Throwable store = null; // the innermost: what the store itself said
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      store = cause instanceof IOException ? cause : store;
    }
    if (store != null) {
      return folder.store().unwritable(path, store);
    }
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : folder.store().unwritable(path, failure);
  }
}
