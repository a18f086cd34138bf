package io.instructorspark.job.rows;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.slf4j.LoggerFactory;

/** The folder of part files that a command writes. For the driver. */
public final class OutputFolder {
  /**
   * What the vectors are: model, mode, instruction; beside the data, where readers of rows pass
   * over it.
   */
  public static final String DESCRIPTION = "_instructor.json";

  private static final String SUCCESS = "_SUCCESS";

  /** In the folder from the start of a run's writing to its end. */
  private static final String WRITING = "_instructor_writing";

  /** One of these is in every folder that Spark or this program has written or begun. */
  private static final List<String> OURS = List.of(DESCRIPTION, SUCCESS, "_temporary", WRITING);

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

  /**
   * Checks that no file that is read would be deleted with an old output, and that the output lies
   * in no folder that is read, where the next run would take it for input. Symbolic links are
   * followed; costs a look at every input file.
   *
   * @throws OutputException if input and output are not apart
   */
  public void requireApartFrom(InputRows input) {
    try {
      RealPath output = RealPath.of(storage, path);
      for (Path file : input.files().paths()) {
        if (RealPath.of(storage, file).isIn(output)) {
          throw new OutputException(
              "the input %s lies in the output %s, which would be deleted first; choose another --output"
                  .formatted(Storage.shown(file), location));
        }
      }
      for (Path root : input.files().roots()) {
        if (output.isIn(RealPath.of(storage, root))) {
          throw new OutputException(
              "the output %s lies in the input %s, so the next run would read it; choose another --output"
                  .formatted(location, Storage.shown(root)));
        }
      }
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
    claim();
    boolean written = false;
    try {
      // The claim has made a new folder, and Append leaves the claim in it.
      format.write(
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

  /** The rows as they were written. */
  public Dataset<Row> read(SparkSession spark, StructType schema, OutputFormat format) {
    return format.read(spark.read().schema(schema), path.toString());
  }

  /**
   * Puts the description beside the rows.
   *
   * @throws OutputException if it cannot be written
   */
  public void describe(String json) {
    Path file = new Path(path, DESCRIPTION);
    try (OutputStream out = fileSystem.create(file, true)) {
      out.write(json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new OutputException("%s cannot be written: %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * Takes back the mark of a finished run.
   *
   * @throws OutputException if it cannot be deleted
   */
  public void markUnfinished() {
    try {
      fileSystem.delete(new Path(path, SUCCESS), false);
    } catch (IOException e) {
      throw new OutputException(
          "%s/%s cannot be deleted: %s".formatted(path, SUCCESS, e.getMessage()), e);
    }
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
