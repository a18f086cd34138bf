package io.instructorspark.job.map;

import io.instructorspark.job.vectors.VectorRows;
import io.instructorspark.spark.OutputFormat;
import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.AtomicType;

/** How coordinates are written. */
enum CoordinatesFormat {
  PARQUET,
  JSONL,
  /** With a header; columns of arrays, maps and structures are left out. */
  CSV;

  /** The columns that the format can hold. */
  Dataset<Row> writable(Dataset<Row> rows) {
    if (this != CSV) {
      return rows;
    }
    Column[] plain =
        Arrays.stream(rows.schema().fields())
            .filter(field -> field.dataType() instanceof AtomicType)
            .map(field -> rows.col(VectorRows.quoted(field.name())))
            .toArray(Column[]::new);
    return rows.select(plain);
  }

  void write(DataFrameWriter<Row> writer, String folder) {
    switch (this) {
      case PARQUET -> OutputFormat.PARQUET.write(writer, folder);
      case JSONL -> OutputFormat.JSONL.write(writer, folder);
      case CSV ->
          writer
              .option("header", true)
              .option("ignoreLeadingWhiteSpace", false)
              .option("ignoreTrailingWhiteSpace", false)
              .option("escape", "\"") // quotes in fields doubled, as RFC 4180 has it
              .csv(folder);
    }
  }
}
