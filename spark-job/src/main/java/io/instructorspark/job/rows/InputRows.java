package io.instructorspark.job.rows;

import io.instructorspark.spark.OutputException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The input rows of a command.
 *
 * <p>Reading is lazy but for what has to be known first: {@link #read} lists the files and looks at
 * headers or types (jsonl: a pass over all lines). What makes the input unreadable is an {@link
 * InputException} from it, or from a step that is run by {@link #reading}. A damaged row is kept,
 * and says what is wrong with it in {@link #PROBLEM_COLUMN}.
 *
 * <p>For the driver, and one thread. {@link #close} deletes what was unpacked for reading; nothing
 * can be read after it.
 */
public final class InputRows implements AutoCloseable {
  /** Says what is wrong with a row; null where nothing is. The last column of the data. */
  public static final String PROBLEM_COLUMN = "_input_problem";

  private static final String OURS = "_input_";

  private final Storage storage;
  private final InputFiles files;
  private final String input;
  private final Dataset<Row> data;
  private final ColumnNames columns;
  private final Optional<Unpacked> unpacked;

  private InputRows(
      SparkSession spark, InputFiles files, Dataset<Row> data, Optional<Unpacked> unpacked) {
    this.storage = Storage.of(spark);
    this.files = files;
    this.input = files.input();
    this.data = data;
    List<String> all = List.of(data.columns());
    this.columns = ColumnNames.of(spark, input, all.subList(0, all.size() - 1));
    this.unpacked = unpacked;
    requireNoneOfOurs();
  }

  /**
   * Plans the reading of a source.
   *
   * @throws InputException if it is missing, unreadable, of no known or of several formats, empty
   *     where a header is due, UTF-16, or without the columns that have to be strings
   */
  public static InputRows read(SparkSession spark, RowSource source) {
    Storage storage = Storage.of(spark);
    InputFiles files = InputFiles.find(storage, source);
    List<String> strings = source.stringColumns();
    InputRows rows =
        switch (files.format()) {
          case CSV, TSV -> {
            CsvDialect dialect = CsvDialect.of(files.format(), source.quote());
            yield of(spark, files, CsvInput.read(spark, storage, files, dialect));
          }
          case JSONL -> of(spark, files, JsonInput.read(spark, storage, files, strings));
          case TXT -> of(spark, files, TextInput.read(spark, storage, files, strings));
          case PARQUET -> parquet(spark, storage, files, source);
        };
    rows.requireColumns(strings);
    return rows;
  }

  /** All rows: the input's columns, then {@link #PROBLEM_COLUMN}. */
  public Dataset<Row> data() {
    return data;
  }

  /** The input's columns in order, without {@link #PROBLEM_COLUMN}. */
  public List<String> columns() {
    return columns.names();
  }

  /**
   * Checks that there is a row.
   *
   * @throws InputException if there is none, or the first file cannot be read
   */
  public void requireRows() {
    if (reading(data::isEmpty)) {
      throw new InputException("%s holds no rows".formatted(input));
    }
  }

  /**
   * What several files say of a column, each statement once; empty for formats other than Parquet,
   * and for one file, for which the schema speaks. Runs a job that reads the files' ends.
   *
   * @param column a name of {@link #columns}
   */
  public List<FileColumn> inFiles(String column) {
    if (files.format() != InputFormat.PARQUET) {
      return List.of();
    }
    List<String> read = List.of(data.inputFiles());
    if (read.size() < 2) {
      return List.of();
    }
    return reading(() -> FileColumn.of(data.sparkSession(), storage, read, column));
  }

  /**
   * The result of a step that reads these rows.
   *
   * @throws InputException if a file cannot be read to its end, or a csv file's quotes cannot be
   *     paired
   */
  public <T> T reading(Supplier<T> step) {
    return ReadFailure.explained(input, step::get);
  }

  /** The files that are read, qualified. */
  public List<String> paths() {
    return files.paths().stream().map(Path::toString).toList();
  }

  /**
   * Checks that no file that is read would be deleted with an old output, and that the output lies
   * in no folder that is read, where the next run would take it for input. Symbolic links are
   * followed; costs a look at every input file.
   *
   * @param location the output; a local path or any Hadoop URI
   * @throws OutputException if input and output are not apart
   */
  public void requireApartFrom(String location) {
    try {
      RealPath output = RealPath.of(storage, Storage.path(location));
      for (Path file : files.paths()) {
        if (RealPath.of(storage, file).isIn(output)) {
          throw new OutputException(
              "the input %s lies in the output %s, which would be deleted first; choose another --output"
                  .formatted(Storage.shown(file), location));
        }
      }
      for (Path root : files.roots()) {
        if (output.isIn(RealPath.of(storage, root))) {
          throw new OutputException(
              "the output %s lies in the input %s, so the next run would read it; choose another --output"
                  .formatted(location, Storage.shown(root)));
        }
      }
    } catch (IOException e) {
      throw new OutputException(
          "the output %s cannot be reached: %s".formatted(location, e.getMessage()), e);
    }
  }

  /**
   * The name of a column as the input spells it, where the session takes the two for one.
   *
   * @throws InputException if there is no such column; the message lists those that are
   */
  public String column(String name) {
    return columns.require(name);
  }

  /** As {@link #column}; empty if there is no such column. */
  public Optional<String> find(String name) {
    return columns.find(name);
  }

  /**
   * Checks that columns are there, whatever their type.
   *
   * @throws InputException if one is not; the message lists those that are
   */
  public void requireColumns(List<String> names) {
    names.forEach(columns::require);
  }

  /**
   * Checks that the input leaves the names of output columns free.
   *
   * @throws InputException if it has a column of such a name, as the session compares names
   */
  public void requireFree(List<String> names) {
    for (String name : names) {
      columns
          .find(name)
          .ifPresent(
              taken -> {
                throw new InputException(
                    "%s already has a column '%s', which the output needs for itself: rename it in the input"
                        .formatted(input, taken));
              });
    }
  }

  /** Columns of this prefix come and go while rows are read. */
  private void requireNoneOfOurs() {
    for (String name : columns.names()) {
      if (name.toLowerCase(Locale.ROOT).startsWith(OURS)) {
        throw new InputException(
            "%s has a column '%s', and names that begin with %s are kept for the reading itself: rename it in the input"
                .formatted(input, name, OURS));
      }
    }
  }

  @Override
  public void close() {
    unpacked.ifPresent(Unpacked::close);
  }

  private static InputRows of(SparkSession spark, InputFiles files, Dataset<Row> data) {
    return new InputRows(spark, files, data, Optional.empty());
  }

  private static InputRows parquet(
      SparkSession spark, Storage storage, InputFiles files, RowSource source) {
    Unpacked unpacked = Unpacked.of(spark, storage, files, source);
    try {
      Dataset<Row> data = ParquetInput.read(spark, files, unpacked.files(), source.stringColumns());
      return new InputRows(spark, files, data, Optional.of(unpacked));
    } catch (RuntimeException e) {
      unpacked.close();
      throw e;
    }
  }
}
