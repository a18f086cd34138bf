package io.instructorspark.job.rows;

import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The format of the part files of an output folder. */
public enum OutputFormat {
  /** Parquet; the vector column's metadata goes with it. */
  PARQUET {
    @Override
    void write(DataFrameWriter<Row> writer, String path) {
      writer.parquet(path);
    }

    @Override
    Dataset<Row> read(DataFrameReader reader, String path) {
      return reader.parquet(path);
    }
  },
  /** One JSON object a line, nulls written out. */
  JSONL {
    @Override
    void write(DataFrameWriter<Row> writer, String path) {
      writer.option("ignoreNullFields", "false").json(path);
    }

    @Override
    Dataset<Row> read(DataFrameReader reader, String path) {
      return reader.json(path);
    }
  };

  abstract void write(DataFrameWriter<Row> writer, String path);

  abstract Dataset<Row> read(DataFrameReader reader, String path);
}
