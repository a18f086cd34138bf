package io.instructorspark.job.rows;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.spark_partition_id;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * The input rows of a command.
 *
 * <p>Reading is lazy but for what has to be known first: {@link #read} lists the files and looks at
 * headers or types (jsonl: a pass over all lines), {@link #count} passes over every row once. What
 * makes the input unreadable is an {@link InputException} from one of these two, so a command that
 * calls both before its own work meets none in the middle. A damaged row is kept, and says what is
 * wrong with it in {@link #PROBLEM_COLUMN}.
 *
 * <p>For the driver, and one thread. {@link #close} deletes what was unpacked for reading; nothing
 * can be read after it.
 */
public final class InputRows implements AutoCloseable {
  /** Says what is wrong with a row; null where nothing is. The last column of the data. */
  public static final String PROBLEM_COLUMN = "_input_problem";

  private static final String OURS = "_input_";
  private static final String PARTITION = "_input_partition";
  private static final String ROWS = "_input_rows";
  private static final String PROBLEMS = "_input_problems";
  private static final String POSITION = "_input_position";

  private final InputFiles files;
  private final String input;
  private final Dataset<Row> data;
  private final ColumnNames columns;
  private final Optional<Unpacked> unpacked;
  private Optional<RowCount> counted = Optional.empty();

  private InputRows(
      SparkSession spark, InputFiles files, Dataset<Row> data, Optional<Unpacked> unpacked) {
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
   * Counts the rows in one pass over the input, which is kept for later calls.
   *
   * @throws InputException if a file cannot be read to its end, a csv file's quotes cannot be
   *     paired, or there is no row
   */
  public RowCount count() {
    if (counted.isEmpty()) {
      RowCount count = ReadFailure.explained(input, this::pass);
      if (count.rows() == 0) {
        throw new InputException("%s holds no rows".formatted(input));
      }
      counted = Optional.of(count);
    }
    return counted.get();
  }

  /**
   * The rows of {@link #data}, in enough partitions to keep so many cores busy.
   *
   * <p>Where the input has fewer partitions than cores (one compressed file has one), its rows are
   * cut into contiguous blocks of about 5,000, at least four for each core and none much under 500.
   * Partitions and the rows in them stay in the order of the input, which for one file is the
   * file's. Otherwise these are the rows of {@link #data} as they are. Calls {@link #count}; the
   * cutting costs one more pass.
   *
   * @param cores how many tasks can run at once, at least 1
   */
  public Dataset<Row> ordered(int cores) {
    if (cores < 1) {
      throw new IllegalArgumentException("cores must be at least 1, got %d".formatted(cores));
    }
    int partitions = count().rowsByPartition().size();
    int blocks = count().blocks(cores);
    if (partitions >= cores || partitions >= blocks) {
      return data;
    }
    return data.withColumn(POSITION, monotonically_increasing_id())
        .repartitionByRange(blocks, col(POSITION))
        .sortWithinPartitions(POSITION)
        .drop(POSITION);
  }

  /** The files that are read, and what the source names. */
  InputFiles files() {
    return files;
  }

  /**
   * The name of a column as the input spells it, where the session takes the two for one.
   *
   * @throws InputException if there is no such column; the message lists those that are
   */
  public String column(String name) {
    return columns.require(name);
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

  private RowCount pass() {
    List<Row> tallies =
        data.withColumn(PARTITION, spark_partition_id())
            .groupBy(PARTITION)
            .agg(
                functions.count(lit(1)).as(ROWS), functions.count(col(PROBLEM_COLUMN)).as(PROBLEMS))
            .orderBy(PARTITION)
            .collectAsList();
    return new RowCount(
        tallies.stream().mapToLong(tally -> tally.getLong(1)).sum(),
        tallies.stream().mapToLong(tally -> tally.getLong(2)).sum(),
        tallies.stream().map(tally -> tally.getLong(1)).toList());
  }
}
