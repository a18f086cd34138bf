package io.instructorspark.job.rows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/**
 * A column as one file of several has it.
 *
 * @param file a file's name; of those that say the same, the first
 * @param field with the metadata that Spark wrote for this file
 */
public record FileColumn(String file, StructField field) {
  private static final String SPARK_SCHEMA = "org.apache.spark.sql.parquet.row.metadata";
  private static final int FILES_PER_TASK = 64;

  /**
   * What files of Parquet say of a column, each statement once. Of a file that was not written by
   * Spark, or lacks the column, the statement is a field without type and metadata. Reads the
   * files' ends, by tasks.
   *
   * @param files URIs
   */
  static List<FileColumn> of(SparkSession spark, Storage storage, List<String> files, String name) {
    int tasks = (files.size() + FILES_PER_TASK - 1) / FILES_PER_TASK;
    return JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(files, tasks)
        .mapToPair(file -> new Tuple2<>(said(storage, file, name), file))
        .reduceByKey((one, other) -> one.compareTo(other) < 0 ? one : other)
        .collectAsMap()
        .entrySet()
        .stream()
        .sorted(Map.Entry.comparingByValue())
        .map(
            said ->
                new FileColumn(
                    said.getValue(),
                    said.getKey().isEmpty()
                        ? new StructField(name, DataTypes.NullType, true, Metadata.empty())
                        : ((StructType) DataType.fromJson(said.getKey())).apply(0)))
        .toList();
  }

  /** The schema of the column alone, as JSON; empty where nothing is said. */
  private static String said(Storage storage, String file, String column) {
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(new Path(file), storage.hadoop().value()))) {
      String schema = reader.getFooter().getFileMetaData().getKeyValueMetaData().get(SPARK_SCHEMA);
      if (schema == null || !(DataType.fromJson(schema) instanceof StructType fields)) {
        return "";
      }
      for (StructField field : fields.fields()) {
        if (field.name().equals(column)) {
          return new StructType().add(field).json();
        }
      }
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException("%s cannot be read".formatted(file), e);
    }
  }
}
