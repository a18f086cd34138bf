package io.instructorspark.spark;

import io.instructorspark.spark.BatchMarkers.Marker;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Embeds the micro-batches of a stream and writes them to a folder as Parquet, each exactly once:
 * for {@code foreachBatch}.
 *
 * <pre>{@code
 * texts.writeStream()
 *     .foreachBatch(new EmbeddedBatches(stage, "s3a://bucket/vectors"))
 *     .option("checkpointLocation", "s3a://bucket/checkpoints/vectors")
 *     .start();
 * }</pre>
 *
 * <p>A batch goes to a sub-folder {@code batch=N}: files under names that are used once, nothing is
 * renamed. When all are there, a marker in {@value BatchMarkers#FOLDER} names them, and the batch
 * is finished. Spark gives a batch again if its driver ended before it knew of that: a finished
 * batch is then left as it is, and what is left of an unfinished one is removed before it is
 * written again. Files that tasks leave behind which failed, or were copied, are removed when their
 * batch is finished, and once more with the next one.
 *
 * <p>{@link #read} gives the rows of finished batches and no others, at any time. To other readers
 * of the folder the column {@code batch} is a partition's. They see the rows of finished batches,
 * and beside them files of the batch that is being written, or that was when a driver ended, until
 * it is given again: rows that are there once all the same, or a file without its end where the
 * store shows files before they are complete (a local disk, HDFS).
 *
 * <p>One query writes to a folder, with one model, mode and instruction. Batches are told apart by
 * their numbers, so a folder belongs to a checkpoint; if the checkpoint is lost, take a new folder.
 *
 * <p>Called from one thread at a time, as Spark does. Costs a few calls to the store for each
 * batch, however many there are.
 */
public final class EmbeddedBatches implements VoidFunction2<Dataset<Row>, Long> {
  /** The column that says to which batch a row belongs, in what is read from the folder. */
  public static final String BATCH_COLUMN = "batch";

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBatches.class);
  private static final String COMMIT_PROTOCOL = "spark.sql.sources.commitProtocolClass";
  private static final String QUERY_ID = "sql.streaming.queryId";

  private final Transformer stage;
  private final String folder;

  /**
   * Touches nothing yet.
   *
   * @param stage an {@link InstructorEmbedder}, or a pipeline's model with one in it
   * @param folder any location that Hadoop's file systems write; made if it is not there
   */
  public EmbeddedBatches(Transformer stage, String folder) {
    this.stage = Objects.requireNonNull(stage, "stage");
    this.folder = Objects.requireNonNull(folder, "folder");
  }

  /**
   * Embeds and writes a batch, or does nothing if it was written before. If it fails, calling it
   * again with the same batch is right.
   *
   * @param batchId the number that Spark gave the batch
   * @throws IllegalArgumentException if the rows have a column {@code batch}, are a stream
   *     themselves, or the stage does not take them
   * @throws IllegalStateException if the folder holds something else, batches of another query, or
   *     vectors of another model, mode or instruction
   * @throws IOException if the store cannot be read or written
   */
  @Override
  public void call(Dataset<Row> rows, Long batchId) throws IOException {
    requireWritable(rows, batchId);
    Dataset<Row> embedded = stage.transform(rows);
    SparkSession session = rows.sparkSession();
    BatchMarkers markers = BatchMarkers.of(session, folder);
    markers.open(origins(embedded));
    if (batchId > 0) {
      Optional<Marker> before = markers.read(batchId - 1);
      if (before.isPresent()) {
        markers.removeAllBut(before.get());
      }
    }
    String query = query(session);
    Optional<Marker> finished = markers.read(batchId);
    if (finished.isPresent()) {
      requireSameQuery(finished.get(), query);
      markers.removeAllBut(finished.get());
      LOG.info("batch {} of {} is finished, and given again: nothing to do", batchId, folder);
      return;
    }
    markers.remove(batchId);
    write(embedded, markers.batch(batchId), query);
    if (markers.read(batchId).isEmpty()) {
      throw new IllegalStateException(
          "batch %d was written to %s, but its marker is not there: something else removes files of this folder"
              .formatted(batchId, folder));
    }
  }

  /**
   * The rows of finished batches, with the column {@value #BATCH_COLUMN}. Those that are finished
   * later are not in it. Reads one small file for each batch.
   *
   * @throws FileNotFoundException if no batch of the folder is finished
   * @throws IOException if the store cannot be read
   */
  public static Dataset<Row> read(SparkSession session, String folder) throws IOException {
    List<String> files = BatchMarkers.of(session, folder).files();
    if (files.isEmpty()) {
      throw new FileNotFoundException(
          "%s has no finished batch of embeddings; is it the folder that the stream writes to?"
              .formatted(folder));
    }
    return session.read().option("basePath", folder).parquet(files.toArray(String[]::new));
  }

  private void requireWritable(Dataset<Row> rows, long batchId) {
    if (rows.isStreaming()) {
      throw new IllegalArgumentException(
          "the rows are a stream; give this to writeStream().foreachBatch(…), which calls it with each batch");
    }
    if (batchId < 0) {
      throw new IllegalArgumentException(
          "batch %d: Spark counts batches from 0".formatted(batchId));
    }
    for (String column : rows.columns()) {
      if (column.equalsIgnoreCase(BATCH_COLUMN)) {
        throw new IllegalArgumentException(
            "the rows have a column %s, which says in %s to which batch a row belongs; rename yours"
                .formatted(column, folder));
      }
    }
  }

  /** What the vectors' columns say of their origin. */
  private static Map<String, String> origins(Dataset<Row> embedded) {
    Map<String, String> origins = new TreeMap<>();
    for (StructField field : embedded.schema().fields()) {
      VectorOrigin.of(field).ifPresent(origin -> origins.put(field.name(), described(origin)));
    }
    return origins;
  }

  /** Without the model's location, which may change. */
  private static String described(VectorOrigin origin) {
    return "fingerprint %s, %s, %s, %d tokens, %d numbers, instruction %s"
        .formatted(
            origin.fingerprint(),
            origin.compatibility(),
            origin.precision(),
            origin.maxLength(),
            origin.dimension(),
            origin.instruction().map(i -> "'" + i + "'").orElse("of each row"));
  }

  /** The query that calls; empty where none does. It stays the same over restarts. */
  private static String query(SparkSession session) {
    String query = session.sparkContext().getLocalProperty(QUERY_ID);
    return query == null ? "" : query;
  }

  private void requireSameQuery(Marker marker, String query) {
    if (!query.isEmpty() && !marker.query().isEmpty() && !query.equals(marker.query())) {
      throw new IllegalStateException(
          ("%s holds batch %d of the streaming query %s, and this is query %s, whose batches have other rows: its checkpoint is"
                  + " a new one, or two queries write here. Give each checkpoint a folder of its own")
              .formatted(folder, marker.batch(), marker.query(), query));
    }
  }

  /** By Spark's own writer, which takes its way to commit from the session alone. */
  private static void write(Dataset<Row> embedded, Path batch, String query) {
    SparkSession session = embedded.sparkSession();
    String before = session.conf().get(COMMIT_PROTOCOL);
    session.conf().set(COMMIT_PROTOCOL, BatchCommit.class.getName());
    try {
      embedded.write().option(BatchCommit.QUERY, query).mode("append").parquet(batch.toString());
    } finally {
      session.conf().set(COMMIT_PROTOCOL, before);
    }
  }
}
