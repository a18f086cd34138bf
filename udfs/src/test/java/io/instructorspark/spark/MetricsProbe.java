package io.instructorspark.spark;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * An application that embeds the same rows several times, each time counted anew, while things go
 * wrong. Arguments: the master, a folder for notes, a model, the names of {@link Trouble}s with
 * commas between, then settings as {@code name=value}.
 */
final class MetricsProbe {
  static final int ROWS = 240;
  private static final int PARTITIONS = 6;

  private MetricsProbe() {}

  enum Trouble {
    /** None. */
    NONE,
    /** Each task fails when it has worked through its rows, and is repeated. */
    FAILURE,
    /** One task does not end before its speculative copy has. */
    SPECULATION,
    /** Behind a shuffle, an executor is killed with what it embedded. */
    LOST_EXECUTOR
  }

  public static void main(String[] arguments) throws IOException {
    SparkConf conf = new SparkConf().setMaster(arguments[0]).setAppName("metrics probe");
    for (int i = 4; i < arguments.length; i++) {
      String[] setting = arguments[i].split("=", 2);
      conf.set(setting[0], setting[1]);
    }
    try (SparkSession session = SparkSession.builder().config(conf).getOrCreate()) {
      for (String name : arguments[3].split(",")) {
        Trouble trouble = Trouble.valueOf(name);
        EmbeddingMetrics metrics = EmbeddingMetrics.of(session);
        Dataset<Row> embedded = embedded(session, arguments[2], metrics);
        String note = Path.of(arguments[1], name).toString();
        (trouble == Trouble.LOST_EXECUTOR ? embedded.repartition(3, col("id")) : embedded)
            .foreachPartition((ForeachPartitionFunction<Row>) rows -> drain(rows, trouble, note));
        System.out.printf("%s: %s%n", name, described(metrics.totals()));
        System.out.printf(
            "%s took place %d times%n", name, Files.exists(Path.of(note)) ? occurrences(note) : 0);
      }
    }
  }

  static Dataset<Row> embedded(SparkSession session, String model, EmbeddingMetrics metrics) {
    Dataset<Row> rows =
        session
            .range(0, ROWS, 1, PARTITIONS)
            .selectExpr(
                "id",
                "CASE WHEN id % 20 = 3 THEN NULL WHEN id % 24 = 5 THEN repeat('word ', 600)"
                    + " ELSE concat('text number ', id) END AS text");
    return new InstructorEmbedder()
        .setModel(model)
        .setInstruction("x: ")
        .setLongText("error")
        .transformCounting(rows, metrics);
  }

  /** What must not depend on troubles. */
  static String described(EmbeddingMetrics.Totals totals) {
    return "%d rows, %d texts, %d encoded, %d tokens, %d errors, %d truncated, seconds %s"
        .formatted(
            totals.rows(),
            totals.texts(),
            totals.work().encoded(),
            totals.tokens(),
            totals.errors(),
            totals.truncated(),
            totals.modelSeconds() > 0 && totals.tokenizerSeconds() > 0 ? "above 0" : "missing");
  }

  private static void drain(Iterator<Row> rows, Trouble trouble, String note) throws Exception {
    while (rows.hasNext()) {
      rows.next();
    }
    TaskContext task = TaskContext.get();
    switch (trouble) {
      case FAILURE -> {
        if (task.attemptNumber() == 0) {
          note(note, task);
          throw new IllegalStateException("the first attempt fails");
        }
      }
      case SPECULATION -> {
        if (task.partitionId() == 0 && task.attemptNumber() == 0) {
          note(note, task);
          Thread.sleep(60_000);
        }
      }
      case LOST_EXECUTOR -> {
        if (task.partitionId() == 0 && note(note, task)) {
          new ProcessBuilder("kill", "-9", "" + ProcessHandle.current().pid()).start().waitFor();
          Thread.sleep(60_000);
        }
      }
      case NONE -> {}
    }
  }

  /** Whether it is the first of its partition. */
  private static boolean note(String folder, TaskContext task) throws IOException {
    Files.createDirectories(Path.of(folder));
    try {
      Files.createFile(Path.of(folder, "partition-" + task.partitionId()));
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private static long occurrences(String folder) throws IOException {
    try (var notes = Files.list(Path.of(folder))) {
      return notes.toList().size();
    }
  }

  /** Of an undisturbed run in this JVM. */
  static String expected(SparkSession session, String model) {
    EmbeddingMetrics metrics = new EmbeddingMetrics(session.sparkContext());
    List<Row> rows = embedded(session, model, metrics).collectAsList();
    if (rows.size() != ROWS) {
      throw new IllegalStateException("%d rows in place of %d".formatted(rows.size(), ROWS));
    }
    return described(metrics.totals());
  }
}
