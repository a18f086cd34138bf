package io.instructorspark.job.rows;

import static org.apache.spark.sql.functions.char_length;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.is_valid_utf8;
import static org.apache.spark.sql.functions.left;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.make_valid_utf8;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/**
 * The lines of text files, by Spark's own reader, which cuts large plain files into several
 * partitions. A line ends at {@code \n} or {@code \r\n}.
 */
final class TextLines {
  /** The line as valid UTF-8. */
  static final String LINE = "text";

  private TextLines() {}

  /** Columns {@link #LINE} and {@link InputRows#PROBLEM_COLUMN}. */
  static Dataset<Row> read(SparkSession spark, Storage storage, InputFiles input) {
    input.paths().forEach(file -> refuseUtf16(storage, file));
    Map<String, String> options =
        Map.of(
            "lineSep",
            "\n",
            Storage.CODECS,
            storage.codecs(),
            "ignoreCorruptFiles",
            "false",
            "ignoreMissingFiles",
            "false");
    Column raw = col("value");
    UserDefinedFunction whatIsInvalid =
        udf((UDF1<byte[], String>) TextLines::problem, DataTypes.StringType);
    Column problem =
        when(is_valid_utf8(raw), lit(null)).otherwise(whatIsInvalid.apply(raw.cast("binary")));
    return spark
        .read()
        .format("text")
        .options(options)
        .load(Storage.literally(input.paths()))
        .select(make_valid_utf8(raw).as(LINE), problem.as(InputRows.PROBLEM_COLUMN))
        .withColumn(LINE, withoutReturn(col(LINE)));
  }

  private static Column withoutReturn(Column line) {
    return when(line.endsWith("\r"), left(line, char_length(line).minus(1))).otherwise(line);
  }

  private static String problem(byte[] line) {
    return "line has invalid UTF-8 at byte %d".formatted(Utf8.decode(line).invalidByte());
  }

  private static void refuseUtf16(Storage storage, Path file) {
    try (InputStream opened = storage.openText(file)) {
      opened.read();
    } catch (IOException e) {
      throw ReadFailure.of(file, e);
    }
  }
}
