package io.instructorspark.job.rows;

import io.instructorspark.job.LocalSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** What the tests of this package do again and again: write a file, read it, look at the rows. */
final class Reading {
  private Reading() {}

  static Path write(Path folder, String name, String content) throws IOException {
    return write(folder, name, content.getBytes(StandardCharsets.UTF_8));
  }

  static Path write(Path folder, String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }

  /** The bytes of a text in which each {@code ÿ} stands for a byte that is no UTF-8. */
  static byte[] withInvalidBytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static InputRows read(Path path, String... stringColumns) {
    return read(RowSource.of(path.toString(), stringColumns));
  }

  static InputRows read(RowSource source) {
    return InputRows.read(LocalSpark.session(), source);
  }

  /** Plans and reads to the end. */
  static RowCount check(Path path) {
    return count(read(path));
  }

  /** Reads to the end, as a command does. */
  static RowCount count(InputRows rows) {
    rows.requireRows();
    List<Row> tallies =
        rows.reading(
            () ->
                rows.data()
                    .groupBy(functions.spark_partition_id().as("partition"))
                    .agg(
                        functions.count(functions.lit(1)),
                        functions.count(functions.col(InputRows.PROBLEM_COLUMN)))
                    .orderBy("partition")
                    .collectAsList());
    return new RowCount(
        tallies.stream().mapToLong(tally -> tally.getLong(1)).sum(),
        tallies.stream().mapToLong(tally -> tally.getLong(2)).sum(),
        tallies.stream().map(tally -> tally.getLong(1)).toList());
  }

  /** One column of all rows, in the order of partitions. */
  static List<Object> values(Dataset<Row> rows, String column) {
    List<Object> values = new ArrayList<>();
    rows.select("`" + column + "`").collectAsList().forEach(row -> values.add(row.get(0)));
    return values;
  }

  static List<Object> values(InputRows rows, String column) {
    return values(rows.data(), column);
  }

  static List<Object> problems(InputRows rows) {
    return values(rows, InputRows.PROBLEM_COLUMN);
  }
}
