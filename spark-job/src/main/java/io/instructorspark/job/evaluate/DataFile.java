package io.instructorspark.job.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.instructorspark.job.rows.InputRows;
import io.instructorspark.job.rows.RowSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;

/**
 * A data file of a task. A benchmark with a damaged row is another benchmark, so the first such row
 * is an error. For the driver; closed after use.
 */
final class DataFile implements AutoCloseable {
  /** Rows of a file that are read onto the driver; a corpus is not read onto it. */
  static final int MOST_ROWS = 100_000;

  private final InputRows rows;
  private final String name;
  private final List<Column> columns = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final Set<String> optional = new HashSet<>();

  private DataFile(InputRows rows, String name) {
    this.rows = rows;
    this.name = name;
  }

  /**
   * Opens the file of a role.
   *
   * @param strings columns that must be there and hold text
   * @throws io.instructorspark.job.rows.InputException if it cannot be read, or lacks a column
   */
  static DataFile open(SparkSession session, TaskSpec task, String role, String... strings) {
    Path path = task.files().get(role);
    InputRows rows = InputRows.read(session, RowSource.of(path.toString(), strings));
    DataFile file = new DataFile(rows, "%s, the %s of task %s".formatted(path, role, task.name()));
    for (String column : strings) {
      file.add(column, quoted(rows.column(column)));
    }
    return file;
  }

  private DataFile add(String column, Column value) {
    columns.add(value.as(column));
    names.add(column);
    return this;
  }

  private static Column quoted(String column) {
    return col("`" + column.replace("`", "``") + "`");
  }

  /** Takes a column of text too, which may be missing: null then. */
  DataFile optional(String column) {
    Optional<String> found = rows.find(column);
    optional.add(column);
    return add(
        column, found.map(DataFile::quoted).orElseGet(() -> lit(null)).cast(DataTypes.StringType));
  }

  /** Takes a column of numbers too. */
  DataFile number(String column) {
    String found = rows.column(column);
    DataType type = rows.data().schema().apply(found).dataType();
    if (!(type instanceof NumericType
        || type instanceof StringType
        || type == DataTypes.BooleanType)) {
      throw unfit("column '%s' holds %s; expected numbers".formatted(column, type.simpleString()));
    }
    return add(column, expr("try_cast(`%s` as double)".formatted(found.replace("`", "``"))));
  }

  /** Takes a column of lists of texts too. */
  DataFile texts(String column) {
    String found = rows.column(column);
    DataType type = rows.data().schema().apply(found).dataType();
    if (!(type instanceof ArrayType list && list.elementType() instanceof StringType)) {
      throw unfit(
          "column '%s' holds %s; expected lists of texts".formatted(column, type.simpleString()));
    }
    return add(column, quoted(found));
  }

  /**
   * All rows with the columns that were taken, in the file's order.
   *
   * @throws EvaluateException if there are none or more than {@value #MOST_ROWS}, a row is damaged,
   *     or a value that must be there is not
   */
  List<Row> read() {
    List<Column> taken = new ArrayList<>(columns);
    taken.add(col(InputRows.PROBLEM_COLUMN));
    List<Row> all =
        rows.reading(
            () ->
                rows.data()
                    .select(taken.toArray(Column[]::new))
                    .limit(MOST_ROWS + 1)
                    .collectAsList());
    if (all.isEmpty() || all.size() > MOST_ROWS) {
      throw unfit(
          all.isEmpty()
              ? "it has no rows"
              : "it has more than %,d rows, which are held on one machine; take a sample"
                  .formatted(MOST_ROWS));
    }
    for (int i = 0; i < all.size(); i++) {
      requireSound(all.get(i), i + 1);
    }
    return all;
  }

  private void requireSound(Row row, int number) {
    if (!row.isNullAt(columns.size())) {
      throw unfit("row %,d is damaged: %s".formatted(number, row.getString(columns.size())));
    }
    for (int i = 0; i < columns.size(); i++) {
      Object value = row.get(i);
      if (value == null && !optional.contains(names.get(i))
          || value instanceof Double d && !Double.isFinite(d)) {
        throw unfit(
            "row %,d has no usable '%s' (%s)"
                .formatted(
                    number, names.get(i), value == null ? "missing, or no such value" : value));
      }
      if (value instanceof scala.collection.Seq<?> && row.getList(i).contains(null)) {
        throw unfit("row %,d has a null in the list '%s'".formatted(number, names.get(i)));
      }
    }
  }

  /**
   * The rows of a corpus, which stay where they are: {@code id} and {@code text}, the title and a
   * space before it (paper section 3).
   *
   * @throws EvaluateException if a row is damaged or has no id or text, or two have one id
   */
  Dataset<Row> corpus() {
    Column whole = expr("trim(concat(coalesce(title, ''), ' ', text))");
    Dataset<Row> taken =
        rows.data()
            .select(columns.get(0), columns.get(1), columns.get(2), col(InputRows.PROBLEM_COLUMN));
    List<Row> bad =
        rows.reading(
            () ->
                taken
                    .where(
                        col(InputRows.PROBLEM_COLUMN)
                            .isNotNull()
                            .or(col("id").isNull())
                            .or(col("text").isNull()))
                    .limit(1)
                    .collectAsList());
    if (!bad.isEmpty()) {
      throw unfit(
          bad.get(0).isNullAt(3)
              ? "a row has no id or no text: " + shown(bad.get(0).mkString(", "))
              : "a row is damaged: " + shown(bad.get(0).getString(3)));
    }
    List<Row> twice =
        rows.reading(
            () -> taken.groupBy("id").count().where(col("count").gt(1)).limit(1).collectAsList());
    if (!twice.isEmpty()) {
      throw unfit("two rows have the id '%s'".formatted(shown(twice.get(0).getString(0))));
    }
    return taken.select(col("id"), whole.as("text"));
  }

  private static String shown(String text) {
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }

  /** What to throw where the content is not as expected. */
  EvaluateException unfit(String problem) {
    return new EvaluateException("%s: %s".formatted(name, problem));
  }

  /** The result of a step that reads the file. */
  <T> T reading(Supplier<T> step) {
    return rows.reading(step);
  }

  @Override
  public void close() {
    rows.close();
  }
}
