package io.instructorspark.job.train;

import static io.instructorspark.job.train.RecordColumns.CONTENT;
import static io.instructorspark.job.train.RecordColumns.FORMAT;
import static io.instructorspark.job.train.RecordColumns.NEGATIVE;
import static io.instructorspark.job.train.RecordColumns.OUTCOME;
import static io.instructorspark.job.train.RecordColumns.POSITIVE;
import static io.instructorspark.job.train.RecordColumns.QUERY;
import static io.instructorspark.job.train.RecordColumns.SOURCE;
import static io.instructorspark.job.train.RecordColumns.TASK;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.xxhash64;

import io.instructorspark.job.rows.Storage;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Makes the data of a recipe ready: a folder with a file for each task, its records in an order
 * that the seed draws. Bad records are found before anything is written. Equal records are kept
 * once; records with a text of an evaluation are dropped; labelled texts become pairs. The files
 * are the same on any partitioning. A folder that was finished for the same recipe and files is
 * used again as it is.
 *
 * <p>Costs a pass over the files and two sorts of the records; the driver holds some numbers for
 * each task. For the driver.
 */
final class Preparation {
  private static final String COPIES = "copies";
  private static final String ORDER = "order";
  private static final long ROWS_TOGETHER = 100_000;

  private final SparkSession spark;
  private final Storage storage;
  private final PreparationPlan plan;

  private Preparation(SparkSession spark, Storage storage, PreparationPlan plan) {
    this.spark = spark;
    this.storage = storage;
    this.plan = plan;
  }

  /**
   * Prepares the data of a recipe.
   *
   * @param places where its files are looked for
   * @param folder where to; a local path or any Hadoop URI that driver and executors share
   * @param onBad what a record that cannot be read does
   * @throws PreparationException if data is missing, bad, of one class only or nothing is left;
   *     before anything is written
   */
  static Prepared run(
      SparkSession spark, Recipe recipe, DataPlaces places, String folder, OnBadRecord onBad) {
    Storage storage = places.storage();
    PreparedFolder target = new PreparedFolder(storage, folder);
    PreparationPlan plan = PreparationPlan.of(recipe, places, onBad);
    return target
        .finished()
        .filter(prepared -> prepared.digest().equals(plan.digest()))
        .orElseGet(() -> new Preparation(spark, storage, plan).into(target));
  }

  private Prepared into(PreparedFolder target) {
    try (RecordReading reading = new RecordReading(spark, storage);
        Overlap overlap = new Overlap(spark, storage, plan.exclude())) {
      for (int source = 0; source < plan.sources().size(); source++) {
        PreparationPlan.Source entry = plan.sources().get(source);
        reading.add(entry.data(), source, entry.matches());
      }
      Dataset<Row> raw = reading.records().persist(StorageLevel.MEMORY_AND_DISK());
      try {
        Findings findings = Findings.of(raw, reading.files());
        findings.require(plan.onBad());
        Dataset<Row> sound = raw.where(col(OUTCOME).isNull());
        return findings.labelled() > 0
            ? withLabels(target, findings, sound, overlap)
            : write(target, findings, direct(sound, overlap), Dropping.NONE);
      } finally {
        raw.unpersist();
      }
    }
  }

  private Prepared withLabels(
      PreparedFolder target, Findings findings, Dataset<Row> sound, Overlap overlap) {
    Dataset<Row> texts =
        overlap
            .mark(distinct(sound.where(isLabelled())), plan.trained(), QUERY)
            .coalesce(partitions(findings.labelled()))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Dataset<Row> kept = texts.where(col(Overlap.OVERLAPS).equalTo(false));
      LabelPairs pairs = new LabelPairs(kept, plan.seed());
      Dropping dropping = Dropping.of(texts, COPIES).plus(Findings.requireLabels(pairs.labels()));
      Dataset<Row> made =
          pairs.pairs().withColumn(COPIES, lit(1L)).withColumn(Overlap.OVERLAPS, lit(false));
      Dataset<Row> records =
          findings.hasOthers()
              ? direct(sound, overlap).select(columns()).union(made.select(columns()))
              : made;
      return write(target, findings, records, dropping);
    } finally {
      texts.unpersist();
    }
  }

  /** What is kept between steps keeps its partitions: one for each core, or more for very many. */
  private int partitions(long rows) {
    return (int) Math.max(spark.sparkContext().defaultParallelism(), rows / ROWS_TOGETHER);
  }

  private Dataset<Row> direct(Dataset<Row> sound, Overlap overlap) {
    return overlap.mark(
        distinct(sound.where(isLabelled().equalTo(false))),
        plan.trained(),
        QUERY,
        POSITIVE,
        NEGATIVE);
  }

  private static Column isLabelled() {
    return col(FORMAT).equalTo(RecordFormat.LABELS.name());
  }

  private static Dataset<Row> distinct(Dataset<Row> records) {
    List<String> keys = new ArrayList<>(List.of(SOURCE, TASK));
    keys.addAll(CONTENT);
    return records.groupBy(RecordColumns.columns(keys)).agg(count(lit(1)).as(COPIES));
  }

  private Prepared write(
      PreparedFolder target, Findings findings, Dataset<Row> records, Dropping dropping) {
    target.clear();
    List<String> order = new ArrayList<>(List.of(SOURCE, TASK, ORDER));
    order.addAll(CONTENT);
    Column[] hashed = RecordColumns.columns(CONTENT);
    List<TaskWriter.Rule> rules =
        plan.sources().stream().map(PreparationPlan.Source::rule).toList();
    List<Row> results =
        records
            .select(columns())
            .repartition(col(SOURCE), col(TASK))
            .withColumn(ORDER, xxhash64(seeded(hashed)))
            .sortWithinPartitions(RecordColumns.columns(order))
            .select(columns())
            .mapPartitions(
                new TaskWriter(storage, target.path().toString(), rules),
                Encoders.row(TaskWriter.RESULT))
            .collectAsList();
    Prepared prepared = PreparedTasks.of(plan, findings, results, dropping).place(target);
    target.finish(prepared);
    return prepared;
  }

  private Column[] seeded(Column[] columns) {
    Column[] all = new Column[columns.length + 1];
    all[0] = lit(plan.seed());
    System.arraycopy(columns, 0, all, 1, columns.length);
    return all;
  }

  private static Column[] columns() {
    List<String> names = new ArrayList<>(List.of(SOURCE, TASK));
    names.addAll(CONTENT);
    names.add(COPIES);
    names.add(Overlap.OVERLAPS);
    return RecordColumns.columns(names);
  }
}
