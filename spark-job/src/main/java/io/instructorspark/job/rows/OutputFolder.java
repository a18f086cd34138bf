package io.instructorspark.job.rows;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
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

  private final FileSystem fileSystem;
  private final Path path;
  private final boolean existed;

  private OutputFolder(FileSystem fileSystem, Path path, boolean existed) {
    this.fileSystem = fileSystem;
    this.path = path;
    this.existed = existed;
  }

  /**
   * Checks that the folder may be written, and touches nothing.
   *
   * @param input the path that is read, which must not lie in the output
   * @throws OutputException if the output is there and may not be replaced, or cannot be reached
   */
  public static OutputFolder open(
      SparkSession spark, String location, IfExists ifExists, String input) {
    Storage storage = Storage.of(spark);
    Path written = Storage.path(location);
    try {
      FileSystem fileSystem = storage.fileSystem(written);
      Path path = fileSystem.makeQualified(written);
      boolean exists = fileSystem.exists(path);
      if (exists && ifExists == IfExists.ERROR) {
        throw new OutputException(
            "%s exists already%s; choose another --output, or say --if-exists overwrite"
                .formatted(
                    location,
                    finished(fileSystem, path) ? "" : " (without the mark of a finished run)"));
      }
      OutputFolder folder = new OutputFolder(fileSystem, path, exists);
      if (exists) {
        folder.requireReplaceable(storage, location, input);
      }
      return folder;
    } catch (IOException e) {
      throw new OutputException(
          "the output %s cannot be reached: %s".formatted(location, e.getMessage()), e);
    }
  }

  /** Only what Spark or this program wrote is ever deleted. */
  private void requireReplaceable(Storage storage, String location, String input)
      throws IOException {
    if (!fileSystem.getFileStatus(path).isDirectory()) {
      throw new OutputException(
          "%s is a file, and an output is a folder of part files; choose another --output"
              .formatted(location));
    }
    List<String> names =
        Arrays.stream(fileSystem.listStatus(path))
            .map(FileStatus::getPath)
            .map(Path::getName)
            .toList();
    boolean ours =
        names.contains(DESCRIPTION) || names.contains(SUCCESS) || names.contains("_temporary");
    if (!names.isEmpty() && !ours) {
      throw new OutputException(
          "%s is not a folder that Spark wrote (no %s in it), so it is not overwritten; choose another --output, or empty it yourself"
              .formatted(location, SUCCESS));
    }
    Path read = Storage.path(input);
    String from = storage.fileSystem(read).makeQualified(read).toString();
    if ((from + "/").startsWith(path + "/")) {
      throw new OutputException(
          "the input %s lies in the output %s, which would be deleted first; choose another --output"
              .formatted(input, location));
    }
  }

  private static boolean finished(FileSystem fileSystem, Path path) throws IOException {
    return fileSystem.exists(new Path(path, SUCCESS))
        || !fileSystem.getFileStatus(path).isDirectory();
  }

  /** Writes the rows; what an unfinished run leaves in a new folder is deleted. */
  public void write(Dataset<Row> rows, OutputFormat format) {
    boolean written = false;
    try {
      format.write(
          rows.write().mode(existed ? SaveMode.Overwrite : SaveMode.ErrorIfExists),
          path.toString());
      written = true;
    } finally {
      if (!written) {
        discard();
      }
    }
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
   * After a failure: nothing that looks like a result stays. The failure itself is what the user
   * hears of.
   */
  private void discard() {
    try {
      if (!fileSystem.exists(new Path(path, SUCCESS))) {
        fileSystem.delete(path, true);
      }
    } catch (IOException e) {
      LoggerFactory.getLogger(OutputFolder.class)
          .warn("what an unfinished run left in {} could not be deleted: {}", path, e.getMessage());
    }
  }
}
