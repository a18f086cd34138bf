package io.instructorspark.job.train;

import io.instructorspark.job.rows.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/** Files that a Spark task reads, closed at its end. */
final class TaskFiles {
  private TaskFiles() {}

  /** The values of a JSON file, decompressed as its suffix says. */
  static JsonRecords json(Storage storage, Path file) {
    try {
      JsonRecords values = new JsonRecords(Storage.shown(file), storage.openText(file));
      TaskContext.get().addTaskCompletionListener((TaskCompletionListener) end -> close(values));
      return values;
    } catch (IOException e) {
      throw new PreparationException(
          "%s cannot be read: %s".formatted(Storage.shown(file), e.getMessage()), e);
    }
  }

  private static void close(JsonRecords values) {
    try {
      values.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
