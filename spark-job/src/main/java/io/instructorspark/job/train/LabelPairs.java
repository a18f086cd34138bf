package io.instructorspark.job.train;

import static io.instructorspark.job.train.RecordColumns.LABEL;
import static io.instructorspark.job.train.RecordColumns.NEGATIVE;
import static io.instructorspark.job.train.RecordColumns.NEGATIVE_INSTRUCTION;
import static io.instructorspark.job.train.RecordColumns.POSITIVE;
import static io.instructorspark.job.train.RecordColumns.POSITIVE_INSTRUCTION;
import static io.instructorspark.job.train.RecordColumns.QUERY;
import static io.instructorspark.job.train.RecordColumns.QUERY_INSTRUCTION;
import static io.instructorspark.job.train.RecordColumns.SOURCE;
import static io.instructorspark.job.train.RecordColumns.TASK;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lead;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Makes pairs of labelled texts. Within a label the texts stand in a ring, in an order that the
 * seed draws; each is the query of one record and the positive of the record before it. The
 * negative is drawn by the seed from the texts of all other labels. So each text is a query once
 * and a positive once. The same on any partitioning.
 */
final class LabelPairs {
  private static final String SIZE = "label_size";
  private static final String RANK = "label_rank";
  private static final String OFFSET = "label_offset";
  private static final String TOTAL = "task_size";
  private static final String AT = "at";
  private static final String NEGATIVE_AT = "negative_at";
  private static final String TOLD = "told";

  private final Dataset<Row> texts;
  private final long seed;

  /**
   * Plans pairs.
   *
   * @param texts rows of {@link RecordColumns}, each (source, task, label, query) once; read
   *     several times
   * @param seed decides who is paired with whom
   */
  LabelPairs(Dataset<Row> texts, long seed) {
    this.texts = texts;
    this.seed = seed;
  }

  /** A row for each task: how many labels are of use, and how many texts are alone in theirs. */
  Dataset<Row> labels() {
    Column alone = col(SIZE).equalTo(1);
    return sizes()
        .groupBy(SOURCE, TASK)
        .agg(
            sum(when(alone, 0L).otherwise(1L)).as("usable"),
            sum(when(alone, 1L).otherwise(0L)).as("single"),
            min(LABEL).as(LABEL));
  }

  /** The records; texts that are alone in their label are left out. */
  Dataset<Row> pairs() {
    WindowSpec task = Window.partitionBy(SOURCE, TASK);
    Dataset<Row> labels =
        sizes()
            .where(col(SIZE).gt(1))
            .withColumn(
                OFFSET,
                coalesce(
                    sum(SIZE)
                        .over(task.orderBy(LABEL).rowsBetween(Window.unboundedPreceding(), -1)),
                    lit(0L)))
            .withColumn(TOTAL, sum(SIZE).over(task));
    WindowSpec ring =
        Window.partitionBy(SOURCE, TASK, LABEL)
            .orderBy(xxhash64(lit(seed), col(QUERY)), col(QUERY));
    Dataset<Row> placed =
        texts
            .withColumn(RANK, row_number().over(ring).minus(1).cast("long"))
            .withColumn(POSITIVE, coalesce(lead(QUERY, 1).over(ring), first(QUERY).over(ring)))
            .join(labels, new String[] {SOURCE, TASK, LABEL})
            .withColumn(AT, col(OFFSET).plus(col(RANK)));
    Column others = col(TOTAL).minus(col(SIZE));
    Column drawn = pmod(xxhash64(lit(seed), lit("negative"), col(QUERY), col(LABEL)), others);
    Column negativeAt = pmod(col(OFFSET).plus(col(SIZE)).plus(drawn), col(TOTAL));
    Column told = col(NEGATIVE).notEqual(col(QUERY)).and(col(NEGATIVE).notEqual(col(POSITIVE)));
    Dataset<Row> negatives =
        placed.select(col(SOURCE), col(TASK), col(AT).as(NEGATIVE_AT), col(QUERY).as(NEGATIVE));
    return placed
        .withColumn(NEGATIVE_AT, negativeAt)
        .drop(NEGATIVE)
        .join(negatives, new String[] {SOURCE, TASK, NEGATIVE_AT})
        .withColumn(TOLD, told)
        .select(
            col(SOURCE),
            col(TASK),
            col(QUERY_INSTRUCTION),
            col(QUERY),
            col(POSITIVE_INSTRUCTION),
            col(POSITIVE),
            when(col(TOLD), col(NEGATIVE_INSTRUCTION)).as(NEGATIVE_INSTRUCTION),
            when(col(TOLD), col(NEGATIVE)).as(NEGATIVE),
            col(LABEL));
  }

  private Dataset<Row> sizes() {
    return texts.groupBy(SOURCE, TASK, LABEL).agg(count(lit(1)).as(SIZE));
  }
}
