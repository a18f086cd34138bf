package io.instructorspark.spark;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * An input that was embedded before and may have changed since, row by row, told apart by id.
 *
 * @param columns of the run
 * @param folder the output, finished
 * @param parts the output's part files
 * @param input the rows as slices have them
 * @param differences id and kind of all rows that are not as they were; kept by Spark
 */
record GrownInput(
    RunColumns columns,
    RunFolder folder,
    List<PartFile> parts,
    Dataset<Row> input,
    Dataset<Row> differences)
    implements AutoCloseable {
  private static final String ID = "_run_id";
  private static final String ROW = "_run_row";
  private static final String OLD_ID = "_run_old_id";
  private static final String OLD_ROW = "_run_old_row";
  private static final String KIND = "_run_kind";
  private static final String POSITION = "_run_position";
  private static final String ADDED = "added";
  private static final String CHANGED = "changed";
  private static final String DELETED = "deleted";
  private static final int EXAMPLES = 5;
  private static final int MOST_PARTITIONS = 2_000;

  /**
   * Compares the rows with those of the output, all columns of the input among them.
   *
   * @throws IllegalArgumentException if ids are null or not unique
   */
  static GrownInput of(
      RunColumns columns, RunFolder folder, List<PartFile> parts, Dataset<Row> input) {
    String[] names = RunColumns.inputColumns(input);
    Dataset<Row> now = identified(columns, input, names, ID, ROW);
    requireIds(columns, now, ID, "the input");
    Dataset<Row> old = output(columns, folder, parts, input);
    Dataset<Row> then = identified(columns, old, names, OLD_ID, OLD_ROW);
    requireIds(columns, then, OLD_ID, "the output, from before,");
    Column kind =
        when(col(OLD_ID).isNull(), ADDED)
            .when(col(ID).isNull(), DELETED)
            .when(col(ROW).notEqual(col(OLD_ROW)), CHANGED);
    Dataset<Row> differences =
        now.join(then, now.col(ID).equalTo(then.col(OLD_ID)), "full_outer")
            .select(coalesce(col(ID), col(OLD_ID)).as(ID), kind.as(KIND))
            .where(col(KIND).isNotNull())
            .persist(StorageLevel.MEMORY_AND_DISK());
    return new GrownInput(columns, folder, parts, input, differences);
  }

  private static Dataset<Row> identified(
      RunColumns columns, Dataset<Row> rows, String[] names, String id, String row) {
    Column[] all =
        Arrays.stream(names).map(name -> EmbedPlan.column(rows, name)).toArray(Column[]::new);
    return rows.select(
        EmbedPlan.column(rows, columns.idCol().orElseThrow()).as(id),
        to_json(struct(all), Map.of("ignoreNullFields", "false")).as(row));
  }

  private static void requireIds(RunColumns columns, Dataset<Row> rows, String id, String whose) {
    String name = columns.idCol().orElseThrow();
    if (!rows.where(col(id).isNull()).isEmpty()) {
      throw new IllegalArgumentException(
          "column '%s' of %s has a null, and an input can grow only where every row has an id; give the rows ids, or choose another id column and embed all rows anew"
              .formatted(name, whose));
    }
    List<Row> twice = rows.groupBy(id).count().where("count > 1").limit(1).collectAsList();
    if (!twice.isEmpty()) {
      throw new IllegalArgumentException(
          "column '%s' of %s has %s %d times, and an input can grow only where ids are unique; remove the repeated rows, or choose another id column and embed all rows anew"
              .formatted(name, whose, twice.get(0).get(0), twice.get(0).getLong(1)));
    }
  }

  private static Dataset<Row> output(
      RunColumns columns, RunFolder folder, List<PartFile> parts, Dataset<Row> input) {
    StructType schema =
        RunColumns.output(columns.embedded(input.withColumn(SliceWriter.FILE, lit("")), null));
    String[] paths =
        parts.stream()
            .map(part -> RunFolder.literally(folder.part(part.name())))
            .toArray(String[]::new);
    return columns.format().read(input.sparkSession(), schema, paths);
  }

  RunResult.InputChanges changes(boolean applied) {
    Row counts =
        differences
            .agg(
                count(when(col(KIND).equalTo(ADDED), 1)),
                count(when(col(KIND).equalTo(CHANGED), 1)),
                count(when(col(KIND).equalTo(DELETED), 1)))
            .head();
    List<String> examples =
        differences
            .where(col(KIND).notEqual(ADDED))
            .select(col(ID).cast("string"))
            .as(Encoders.STRING())
            .takeAsList(EXAMPLES);
    return new RunResult.InputChanges(
        counts.getLong(0), counts.getLong(1), counts.getLong(2), applied, false, examples);
  }

  /** The rows that are new, in the input's order. */
  Dataset<Row> added() {
    return ofKinds(ADDED);
  }

  /** The rows that are new or have changed, in the input's order. */
  Dataset<Row> addedOrChanged() {
    return ofKinds(ADDED, CHANGED);
  }

  private Dataset<Row> ofKinds(Object... kinds) {
    Dataset<Row> placed = input.withColumn(POSITION, monotonically_increasing_id());
    Dataset<Row> wanted = differences.where(col(KIND).isin(kinds)).select(ID);
    Column id = EmbedPlan.column(placed, columns.idCol().orElseThrow());
    return placed
        .join(wanted, id.equalTo(wanted.col(ID)), "left_semi")
        .orderBy(POSITION)
        .drop(POSITION);
  }

  /**
   * The output's part files without the rows that have changed or are gone: those that have none of
   * them stay, the others are written anew, in the order of their rows.
   */
  List<PartFile> withoutChangedOrDeleted() {
    SparkSession session = input.sparkSession();
    Dataset<Row> old = output(columns, folder, parts, input);
    Dataset<Row> placed =
        old.withColumn(SliceWriter.FILE, old.metadataColumn("_metadata").getField("file_name"))
            .withColumn(POSITION, monotonically_increasing_id());
    Column id = EmbedPlan.column(placed, columns.idCol().orElseThrow());
    Dataset<Row> removed = differences.where(col(KIND).notEqual(ADDED)).select(ID);
    Column isRemoved = id.equalTo(removed.col(ID));
    Set<String> affected =
        new HashSet<>(
            placed
                .join(removed, isRemoved, "left_semi")
                .select(SliceWriter.FILE)
                .distinct()
                .as(Encoders.STRING())
                .collectAsList());
    List<PartFile> kept = parts.stream().filter(part -> !affected.contains(part.name())).toList();
    if (affected.isEmpty()) {
      return kept;
    }
    Dataset<Row> remaining =
        placed
            .where(col(SliceWriter.FILE).isin(affected.toArray()))
            .join(removed, isRemoved, "left_anti")
            .repartition(Math.min(affected.size(), MOST_PARTITIONS), col(SliceWriter.FILE))
            .sortWithinPartitions(SliceWriter.FILE, POSITION)
            .drop(SliceWriter.FILE, POSITION);
    KeptRowsWriter writer =
        KeptRowsWriter.of(folder, columns, RowFiles.of(session, columns.format(), old.schema()));
    List<PartFile> rewritten =
        RunStore.values(
            remaining.queryExecution().toRdd().toJavaRDD().mapPartitions(writer).collect(),
            PartFile.class);
    return Stream.concat(kept.stream(), rewritten.stream()).toList();
  }

  @Override
  public void close() {
    differences.unpersist();
  }
}
