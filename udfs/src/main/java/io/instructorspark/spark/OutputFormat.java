package io.instructorspark.spark;

import java.util.Map;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.json.JsonFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.types.StructType;

/** The format of the part files of an output folder. */
public enum OutputFormat {
  /** Parquet; the vector column's metadata goes with it. */
  PARQUET(Map.of()) {
    @Override
    FileFormat fileFormat() {
      return new ParquetFileFormat();
    }

    @Override
    public Dataset<Row> read(SparkSession session, StructType schema, String... paths) {
      return session.read().schema(schema).parquet(paths);
    }

    @Override
    public void write(DataFrameWriter<Row> writer, String folder) {
      writer.options(options()).parquet(folder);
    }
  },
  /** One JSON object a line, nulls written out. */
  JSONL(Map.of("ignoreNullFields", "false")) {
    @Override
    FileFormat fileFormat() {
      return new JsonFileFormat();
    }

    @Override
    public Dataset<Row> read(SparkSession session, StructType schema, String... paths) {
      return session.read().schema(schema).json(paths);
    }

    @Override
    public void write(DataFrameWriter<Row> writer, String folder) {
      writer.options(options()).json(folder);
    }
  };

  private final Map<String, String> options;

  OutputFormat(Map<String, String> options) {
    this.options = options;
  }

  abstract FileFormat fileFormat();

  Map<String, String> options() {
    return options;
  }

  /** The rows of files or folders in this format. */
  public abstract Dataset<Row> read(SparkSession session, StructType schema, String... paths);

  /** Writes rows into a folder in this format. */
  public abstract void write(DataFrameWriter<Row> writer, String folder);
}
