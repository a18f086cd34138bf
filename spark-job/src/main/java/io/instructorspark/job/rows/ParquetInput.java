package io.instructorspark.job.rows;

import static org.apache.spark.sql.functions.lit;

import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;

/** Reads Parquet by Spark's own reader; the columns of all files are brought together. */
final class ParquetInput {
  private ParquetInput() {}

  static Dataset<Row> read(
      SparkSession spark, InputFiles input, List<Path> files, List<String> stringColumns) {
    input.files().forEach(ParquetInput::refuseEmpty);
    DataFrameReader reader =
        spark
            .read()
            .option("mergeSchema", files.size() > 1)
            .option("ignoreCorruptFiles", false)
            .option("ignoreMissingFiles", false);
    input.partitionRoot().ifPresent(root -> reader.option("basePath", root.toString()));
    Dataset<Row> rows =
        ReadFailure.explained(input.input(), () -> reader.parquet(Storage.literally(files)));
    ColumnNames columns = ColumnNames.of(spark, input.input(), List.of(rows.columns()));
    for (String column : stringColumns) {
      requireString(input, rows.schema().apply(columns.require(column)));
    }
    return rows.withColumn(InputRows.PROBLEM_COLUMN, lit(null).cast("string"));
  }

  /** Spark passes over files without a byte, which an interrupted copy leaves behind. */
  private static void refuseEmpty(FileStatus file) {
    if (file.getLen() == 0) {
      throw new InputException(
          "%s is empty: it is no Parquet file; fetch it again, or remove it"
              .formatted(Storage.shown(file.getPath())));
    }
  }

  private static void requireString(InputFiles input, StructField field) {
    if (!(field.dataType() instanceof StringType)) {
      throw new InputException(
          "column '%s' of %s has to be string, but it is %s: cast it before writing the Parquet file"
              .formatted(field.name(), input.input(), field.dataType().catalogString()));
    }
  }
}
