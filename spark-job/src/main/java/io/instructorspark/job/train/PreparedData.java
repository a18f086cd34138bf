package io.instructorspark.job.train;

import io.instructorspark.job.rows.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The tasks of a prepared folder, open for reading on this machine. What lies elsewhere is copied
 * first. Any thread may read; {@link #close} ends it.
 */
final class PreparedData implements AutoCloseable {
  private final List<ExampleFile> tasks = new ArrayList<>();
  private final List<ExampleFile> evaluation = new ArrayList<>();

  private PreparedData() {}

  /**
   * Opens a folder that was prepared.
   *
   * @param location the folder
   * @param local where copies go, if the folder is not on this machine; made if it is not there
   * @throws PreparationException if a file cannot be read or is not as it was prepared
   */
  static PreparedData open(Storage storage, String location, Prepared prepared, Path local) {
    PreparedFolder folder = new PreparedFolder(storage, location);
    PreparedData data = new PreparedData();
    Path copies = local.resolve(prepared.digest().substring(0, 16));
    try {
      for (PreparedTask task : prepared.tasks()) {
        data.tasks.add(new ExampleFile(onThisMachine(folder, task, copies), task.records()));
      }
      for (PreparedTask task : prepared.evaluation()) {
        data.evaluation.add(new ExampleFile(onThisMachine(folder, task, copies), task.records()));
      }
      return data;
    } catch (RuntimeException e) {
      data.close();
      throw e;
    }
  }

  /** The records of a task, numbered as in {@link Prepared#tasks}. */
  ExampleFile task(int number) {
    return tasks.get(number);
  }

  /** Held-out records, numbered as in {@link Prepared#evaluation}. */
  ExampleFile evaluation(int number) {
    return evaluation.get(number);
  }

  @Override
  public void close() {
    tasks.forEach(ExampleFile::close);
    evaluation.forEach(ExampleFile::close);
  }

  private static Path onThisMachine(PreparedFolder folder, PreparedTask task, Path copies) {
    org.apache.hadoop.fs.Path file = folder.file(task);
    if ("file".equals(file.toUri().getScheme())) {
      return Path.of(file.toUri().getPath());
    }
    Path copy = copies.resolve(task.file());
    try {
      if (!Files.exists(copy) || Files.size(copy) != task.bytes()) {
        Files.createDirectories(copies);
        folder
            .files()
            .copyToLocalFile(false, file, new org.apache.hadoop.fs.Path(copy.toUri()), true);
      }
      return copy;
    } catch (IOException e) {
      throw new PreparationException(
          "%s cannot be copied to %s: %s".formatted(file, copies, e.getMessage()), e);
    }
  }
}
