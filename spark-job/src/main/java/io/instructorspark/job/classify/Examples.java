package io.instructorspark.job.classify;

import static io.instructorspark.job.vectors.VectorRows.quoted;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.xxhash64;

import io.instructorspark.job.rows.InputRows;
import io.instructorspark.job.vectors.VectorRows;
import io.instructorspark.job.vectors.VectorSource;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/**
 * Rows to learn from with their vectors, made once and kept until they are closed.
 *
 * @param data the label, the vector, and {@link #FOLD} where there are folds
 * @param label column of labels
 * @param vector column of vectors: of the name of what they were made of, which messages then say
 * @param rows all of them
 * @param errors those that could not be read or embedded
 */
record Examples(Dataset<Row> data, String label, String vector, long rows, long errors)
    implements AutoCloseable {
  /** From 0 on; the same for a row on any partitioning. */
  static final String FOLD = "_classify_fold";

  private static final int TASKS_PER_CORE = 2;
  private static final String KEY = "_classify_key";
  private static final String ERROR = "_classify_error";

  /**
   * Reads and embeds the rows; runs a job.
   *
   * @param vectors of the input
   * @param label the input's column of labels
   * @throws ClassifyException if labels and vectors are to come from one column
   */
  static Examples of(
      InputRows input,
      VectorRows vectors,
      String label,
      VectorSource source,
      Optional<Integer> folds) {
    String origin =
        source.embeddingColumn().isPresent()
            ? vectors.vectorColumn()
            : input.column(source.textColumn());
    if (origin.equals(label)) {
      throw new ClassifyException(
          "column '%s' cannot be both the label and what it is told from; give another --label-column"
              .formatted(label));
    }
    Dataset<Row> all = vectors.data();
    Dataset<Row> narrow =
        all.select(
            all.col(quoted(label)),
            all.col(quoted(vectors.vectorColumn())).as(origin),
            all.col(VectorRows.ERROR).as(ERROR),
            xxhash64(all.col(quoted(origin)).cast(DataTypes.StringType)).as(KEY));
    Dataset<Row> kept =
        folds
            .map(count -> folded(narrow, label, count))
            .orElse(narrow)
            .drop(KEY)
            .persist(StorageLevel.MEMORY_AND_DISK());
    Row counts = kept.agg(count(lit(1)), count(col(ERROR))).head();
    return new Examples(kept, label, origin, counts.getLong(0), counts.getLong(1));
  }

  /**
   * The rows of a label go round the folds in the order of their keys; labels begin anywhere. Many
   * jobs will read the rows, so that they are put into few partitions.
   */
  private static Dataset<Row> folded(Dataset<Row> rows, String label, int folds) {
    Column labels = col(quoted(label));
    Column place = row_number().over(Window.partitionBy(labels).orderBy(col(KEY)));
    return rows.withColumn(FOLD, pmod(place.plus(pmod(hash(labels), lit(folds))), lit(folds)))
        .coalesce(TASKS_PER_CORE * rows.sparkSession().sparkContext().defaultParallelism());
  }

  @Override
  public void close() {
    data.unpersist();
  }
}
