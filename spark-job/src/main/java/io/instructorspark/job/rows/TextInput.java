package io.instructorspark.job.rows;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Reads txt: each line is a row, an empty one too. */
final class TextInput {
  private TextInput() {}

  static Dataset<Row> read(
      SparkSession spark, Storage storage, InputFiles input, List<String> stringColumns) {
    ColumnNames columns = ColumnNames.of(spark, input.input(), List.of(TextLines.LINE));
    for (String column : stringColumns) {
      if (columns.find(column).isEmpty()) {
        throw new InputException(
            "no column '%s' in %s; a txt file has only the column '%s'"
                .formatted(column, input.input(), TextLines.LINE));
      }
    }
    return TextLines.read(spark, storage, input);
  }
}
