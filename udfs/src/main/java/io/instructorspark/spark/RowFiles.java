package io.instructorspark.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.OutputWriter;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Spark's own writers of one format and schema, for tasks that choose their files themselves;
 * travels to executors.
 *
 * @param factory prepared on the driver
 * @param schema the columns that are written, the first ones of a row
 * @param hadoop settings of the writers
 */
record RowFiles(OutputWriterFactory factory, StructType schema, SerializableConfiguration hadoop)
    implements Serializable {

  /**
   * @throws IllegalArgumentException if the format has no place for a column's type
   */
  static RowFiles of(SparkSession session, OutputFormat format, StructType schema) {
    FileFormat spark = format.fileFormat();
    for (StructField field : schema.fields()) {
      if (!spark.supportDataType(field.dataType())) {
        throw new IllegalArgumentException(
            "column '%s' is %s, which %s files cannot hold; cast or drop it"
                .formatted(
                    field.name(),
                    field.dataType().catalogString(),
                    format.name().toLowerCase(Locale.ROOT)));
      }
    }
    try {
      Job job = Job.getInstance(ClassicSpark.sessionState(session).newHadoopConf());
      OutputWriterFactory factory =
          spark.prepareWrite(session, job, Seqs.of(format.options()), schema);
      return new RowFiles(factory, schema, new SerializableConfiguration(job.getConfiguration()));
    } catch (IOException e) {
      throw new OutputException(
          "no %s writer can be prepared: %s".formatted(format, e.getMessage()), e);
    }
  }

  /** What the name of a file ends with, dot included. */
  String extension() {
    return factory.getFileExtension(context());
  }

  /** A writer of {@link #columns} to a file that is not there yet; the caller closes it. */
  OutputWriter open(Path file) {
    return factory.newInstance(file.toString(), schema, context());
  }

  /** Takes from a row what is written of it; for one thread. The result is reused. */
  UnsafeProjection columns() {
    return UnsafeProjection.create(schema);
  }

  private TaskAttemptContext context() {
    return new TaskAttemptContextImpl(new Configuration(hadoop.value()), new TaskAttemptID());
  }
}
