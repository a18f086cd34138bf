package io.instructorspark.spark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.StructType;

/**
 * A driver of two streams over the same files, one to Spark's Parquet sink and one to {@link
 * EmbeddedBatches}, a file at a time, until all are read. Says when a task starts. Argument: the
 * folder of everything.
 */
final class StreamingProbe {
  static final String TASK = "a task starts";
  private static final int ROWS_OF_FILE = 24;

  private static final StructType SCHEMA = new StructType().add("id", "long").add("text", "string");

  private StreamingProbe() {}

  /** Long enough that a batch takes a while; some without a text. */
  static void writeSource(Path folder, int files) throws Exception {
    Path source = Files.createDirectories(folder.resolve("source"));
    for (int file = 0; file < files; file++) {
      StringBuilder lines = new StringBuilder();
      for (int row = 0; row < ROWS_OF_FILE; row++) {
        int id = file * ROWS_OF_FILE + row;
        lines.append(
            id % 17 == 3
                ? "{\"id\":%d}\n".formatted(id)
                : "{\"id\":%d,\"text\":\"row %d%s\"}\n"
                    .formatted(id, id, " some words of a text".repeat(5 + id % 60)));
      }
      Files.writeString(source.resolve("%03d.json".formatted(file)), lines);
    }
  }

  /** The same rows, embedded in one go. */
  static List<Row> expected(SparkSession session, Path folder) {
    Dataset<Row> rows = session.read().schema(SCHEMA).json(folder.resolve("source").toString());
    return stage().transform(rows).orderBy("id").select("id", "embedding").collectAsList();
  }

  private static InstructorEmbedder stage() {
    return new InstructorEmbedder()
        .setModel("builtin:instructor-mini")
        .setInstruction("Represent the sentence: ");
  }

  static Path fileSink(Path folder) {
    return folder.resolve("file-sink");
  }

  static Path batches(Path folder) {
    return folder.resolve("batches");
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    try (SparkSession session =
        SparkSession.builder()
            .master("local[2]")
            .appName("streaming probe")
            .config("spark.ui.enabled", false)
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", 2)
            .getOrCreate()) {
      session.sparkContext().setLogLevel("WARN");
      session
          .sparkContext()
          .addSparkListener(
              new SparkListener() {
                @Override
                public void onTaskStart(SparkListenerTaskStart start) {
                  System.out.println(TASK);
                }
              });
      StreamingQuery toFiles =
          stage()
              .transform(source(session, folder))
              .writeStream()
              .format("parquet")
              .option("checkpointLocation", folder.resolve("checkpoint-file-sink").toString())
              .trigger(Trigger.AvailableNow())
              .start(fileSink(folder).toString());
      StreamingQuery toBatches =
          source(session, folder)
              .writeStream()
              .foreachBatch(new EmbeddedBatches(stage(), batches(folder).toString()))
              .option("checkpointLocation", folder.resolve("checkpoint-batches").toString())
              .trigger(Trigger.AvailableNow())
              .start();
      toFiles.awaitTermination();
      toBatches.awaitTermination();
    }
  }

  /** Two tasks for each file. */
  private static Dataset<Row> source(SparkSession session, Path folder) {
    return session
        .readStream()
        .schema(SCHEMA)
        .option("maxFilesPerTrigger", 1)
        .json(folder.resolve("source").toString())
        .repartition(2);
  }
}
