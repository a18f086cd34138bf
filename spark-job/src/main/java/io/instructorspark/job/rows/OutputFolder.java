package io.instructorspark.job.rows;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.instructorspark.spark.IfExists;
import io.instructorspark.spark.OutputException;
import io.instructorspark.spark.OutputFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.slf4j.LoggerFactory;

/**
 * The folder of part files that a command writes through Spark's own writer. For the driver. What
 * {@code embed} writes is a {@link io.instructorspark.spark.EmbeddingRun}'s.
 */
public final class OutputFolder {
  private static final String SUCCESS = "_SUCCESS";

  /** In the folder from the start of a run's writing to its end. */
  private static final String WRITING = "_instructor_writing";

  /** One of these is in every folder that Spark or this program has written or begun. */
  private static final List<String> OURS =
      List.of(SUCCESS, "_temporary", WRITING, "_instructor.json", "_instructor_run");

  private final Storage storage;
  private final FileSystem fileSystem;
  private final String location;
  private final Path path;
  private final boolean existed;

  private OutputFolder(Storage storage, String location) throws IOException {
    Path written = Storage.path(location);
    this.storage = storage;
    this.fileSystem = storage.fileSystem(written);
    this.location = location;
    this.path = fileSystem.makeQualified(written);
    this.existed = fileSystem.exists(path);
  }

  /**
   * Checks that the folder may be written, and touches nothing.
   *
   * @throws OutputException if the output is there and may not be replaced, or cannot be reached
   */
  public static OutputFolder open(SparkSession spark, String location, IfExists ifExists) {
    try {
      OutputFolder folder = new OutputFolder(Storage.of(spark), location);
      if (ifExists == IfExists.RESUME) {
        throw new OutputException(
            "this command does not resume what was broken off: say --if-exists error or overwrite");
      }
      if (folder.existed && ifExists == IfExists.ERROR) {
        throw new OutputException(
            "%s exists already%s; choose another --output, or say --if-exists overwrite"
                .formatted(
                    location, folder.finished() ? "" : " (without the mark of a finished run)"));
      }
      if (folder.existed) {
        folder.requireReplaceable();
      }
      return folder;
    } catch (IOException e) {
      throw unreachable(location, e);
    }
  }

  /** Only a folder in which everything looks like Spark's or this program's is ever deleted. */
  private void requireReplaceable() throws IOException {
    if (!fileSystem.getFileStatus(path).isDirectory()) {
      throw new OutputException(
          "%s is a file, and an output is a folder of part files; choose another --output"
              .formatted(location));
    }
    List<String> names =
        Arrays.stream(fileSystem.listStatus(path)).map(entry -> entry.getPath().getName()).toList();
    if (!names.isEmpty() && OURS.stream().noneMatch(names::contains)) {
      throw new OutputException(
          "%s is not a folder that Spark wrote (no %s in it), so it is not overwritten; choose another --output, or empty it yourself"
              .formatted(location, SUCCESS));
    }
    requireNothingForeign(path);
  }

  private void requireNothingForeign(Path folder) throws IOException {
    for (FileStatus entry : fileSystem.listStatus(folder)) {
      String name = entry.getPath().getName();
      boolean ours =
          name.startsWith("_")
              || name.startsWith(".")
              || (entry.isDirectory() ? name.contains("=") : name.startsWith("part-"));
      if (!ours) {
        throw new OutputException(
            "%s is not what Spark wrote, so the output %s that holds it is not overwritten; choose another --output, or move it away"
                .formatted(Storage.shown(entry.getPath()), location));
      }
      if (entry.isDirectory() && name.contains("=")) {
        requireNothingForeign(entry.getPath());
      }
    }
  }

  private boolean finished() throws IOException {
    return fileSystem.exists(new Path(path, SUCCESS))
        || !fileSystem.getFileStatus(path).isDirectory();
  }

  /**
   * Writes the rows. An old output is deleted when Spark begins to write, and stays if the run
   * fails before that; what a run that fails later has written is deleted.
   *
   * @throws OutputException if the folder has appeared since {@link #open}, or may no longer be
   *     replaced; it is left as it is
   */
  public void write(Dataset<Row> rows, OutputFormat format) {
    write(rows, format::write);
  }

  /**
   * As {@link #write(Dataset, OutputFormat)}, in any format that Spark writes.
   *
   * @param format is given a writer and the place to write to
   */
  public void write(Dataset<Row> rows, BiConsumer<DataFrameWriter<Row>, String> format) {
    claim();
    boolean written = false;
    try {
      // The claim has made a new folder, and Append leaves the claim in it.
      format.accept(
          rows.write().mode(existed ? SaveMode.Overwrite : SaveMode.Append), path.toString());
      written = true;
    } finally {
      if (!written) {
        discard();
      }
      delete(new Path(path, WRITING));
    }
  }

  /**
   * Writes a text beside the rows, when they are written.
   *
   * @param name of the file; begins with {@code _}, so that readers of rows pass over it
   */
  public void writeBeside(String name, String text) {
    Path file = new Path(path, name);
    try (OutputStream out = fileSystem.create(file, true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new OutputException(
          "%s cannot be written: %s".formatted(Storage.shown(file), e.getMessage()), e);
    }
  }

  /**
   * As {@link #write}, and counts on the way.
   *
   * @param counts aggregates of the rows, each with a name
   * @return the counts by name, and how many {@code rows} there are
   */
  public Map<String, Object> writeCounting(
      Dataset<Row> rows, OutputFormat format, Column... counts) {
    Observation seen = new Observation();
    write(rows.observe(seen, count(lit(1)).as("rows"), counts), format);
    try {
      return seen.getAsJava();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted when the rows were written", e);
    }
  }

  /**
   * Makes a new folder this run's own: of two runs, one creates the mark. In an old folder, the
   * mark tells whether Spark has deleted it.
   */
  private void claim() {
    try {
      if (existed && fileSystem.exists(path)) {
        requireReplaceable();
      } else if (!existed && fileSystem.exists(path)) {
        throw appeared(null);
      }
      fileSystem.create(new Path(path, WRITING), existed).close();
    } catch (FileAlreadyExistsException e) {
      throw appeared(e);
    } catch (IOException e) {
      throw unreachable(location, e);
    }
  }

  private OutputException appeared(IOException cause) {
    return new OutputException(
        "%s has appeared since this run began: another run writes it; choose another --output"
            .formatted(location),
        cause);
  }

  private static OutputException unreachable(String location, IOException cause) {
    return new OutputException(
        "the output %s cannot be reached: %s".formatted(location, cause.getMessage()), cause);
  }

  /**
   * After a failure: nothing that looks like a result of this run stays, and an old output stays
   * that Spark has not deleted.
   */
  private void discard() {
    try {
      boolean old = existed && fileSystem.exists(new Path(path, WRITING));
      if (!old && !fileSystem.exists(new Path(path, SUCCESS))) {
        delete(path);
      }
    } catch (IOException e) {
      left(path, e);
    }
  }

  /**
   * Deletes what may not be there; a failure is logged, for the run's own is what the user hears
   * of.
   */
  private void delete(Path unwanted) {
    try {
      fileSystem.delete(unwanted, true);
    } catch (IOException e) {
      left(unwanted, e);
    }
  }

  private static void left(Path unwanted, IOException e) {
    LoggerFactory.getLogger(OutputFolder.class)
        .warn("{} could not be deleted: {}", Storage.shown(unwanted), e.getMessage());
  }
}
