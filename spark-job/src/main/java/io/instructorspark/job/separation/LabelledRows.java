package io.instructorspark.job.separation;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.instructorspark.job.vectors.RowHash;
import io.instructorspark.job.vectors.VectorRows;
import java.util.HashMap;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.storage.StorageLevel;

/**
 * Rows that have a label and what a vector is made of, or a sample of them; kept in memory or on
 * disk until they are closed. Key, label and place together name a row, and are the same on any
 * partitioning; only rows that are equal in all columns may change places.
 *
 * @param data {@link #KEY}, {@link #LABEL} as the label's number, {@link #PLACE}, and what else the
 *     rows brought
 * @param labels of these rows
 * @param counts of all rows
 */
public record LabelledRows(Dataset<Row> data, Labels labels, RowCounts counts)
    implements AutoCloseable {
  /** A hash of the row, long; orders rows that are otherwise alike. */
  public static final String KEY = "_row_key";

  /** The label. */
  public static final String LABEL = "_row_label";

  /** From 0 on among the rows of a label, in the order of their keys, int. */
  public static final String PLACE = "_row_place";

  /** Whether there is what a vector is made of, boolean. */
  public static final String USABLE = "_row_usable";

  private static final int TASKS_PER_CORE = 2;

  /** The hash of a row that its columns and a seed give. */
  public static Column key(Dataset<Row> rows, List<String> columns, long seed) {
    return xxhash64(lit(seed), RowHash.of(rows, columns));
  }

  /**
   * A column of labels as strings, null where it says nothing.
   *
   * @throws SeparationException if the column's type cannot hold labels
   */
  public static Column label(Dataset<Row> rows, String column) {
    Column label = rows.col(VectorRows.quoted(column));
    DataType type = rows.schema().apply(column).dataType();
    if (!(type instanceof StringType
        || type instanceof NumericType
        || type instanceof BooleanType
        || type instanceof DateType)) {
      throw new SeparationException(
          "column '%s' is %s, and labels are strings, numbers, booleans or dates; cast it to string"
              .formatted(column, type.simpleString()));
    }
    boolean mayBeNan = type.equals(DataTypes.DoubleType) || type.equals(DataTypes.FloatType);
    return (mayBeNan ? when(not(isnan(label)), label) : label).cast(DataTypes.StringType);
  }

  /**
   * Counts the rows, takes those that can be used, and numbers their labels; runs a job or two over
   * them.
   *
   * @param rows with {@link #KEY}, {@link #LABEL} as {@link #label} makes it, {@link #USABLE}, and
   *     columns to keep
   * @param column that held the labels, for messages
   * @param most rows to take; of more, about so many are taken by their keys
   * @throws SeparationException if the rows have fewer than two labels, or far too many
   */
  public static LabelledRows of(Dataset<Row> rows, String column, long most) {
    LabelCounts all = LabelCounts.of(rows);
    all.labels().requireSome(column);
    long usable = all.labels().all();
    Dataset<Row> sound = rows.where(col(LABEL).isNotNull().and(col(USABLE))).drop(USABLE);
    boolean sampled = usable > most;
    Dataset<Row> taken =
        sampled ? sound.where(col(KEY).leq(lit(bound((double) most / usable)))) : sound;
    Labels labels =
        sampled ? LabelCounts.of(taken.withColumn(USABLE, lit(true))).labels() : all.labels();
    labels.requireSome(column);
    Column place = row_number().over(Window.partitionBy(LABEL).orderBy(KEY)).minus(1);
    int partitions = TASKS_PER_CORE * rows.sparkSession().sparkContext().defaultParallelism();
    Dataset<Row> kept =
        taken
            .withColumn(LABEL, numbered(labels).apply(col(LABEL)))
            .withColumn(PLACE, place)
            .repartition(partitions, col(KEY))
            .persist(StorageLevel.MEMORY_AND_DISK());
    return new LabelledRows(kept, labels, all.rows(labels.all()));
  }

  /** The key below which a share of all hashes lies. */
  private static long bound(double share) {
    return (long) (share * 0x1p64 - 0x1p63);
  }

  private static org.apache.spark.sql.expressions.UserDefinedFunction numbered(Labels labels) {
    HashMap<String, Integer> numbers = new HashMap<>();
    labels.names().forEach(name -> numbers.put(name, numbers.size()));
    return udf((UDF1<String, Integer>) numbers::get, DataTypes.IntegerType);
  }

  /**
   * Every second row of each label: two halves, 0 and 1, that have no row in common. Of the kept
   * rows; nothing is to be closed.
   */
  public LabelledRows half(int which) {
    Column place = col(PLACE);
    Dataset<Row> half =
        data.where(pmod(place.plus(col(LABEL)), lit(2)).equalTo(which))
            .withColumn(PLACE, floor(place.divide(2)).cast(DataTypes.IntegerType));
    return new LabelledRows(half, labels.half(which), counts);
  }

  @Override
  public void close() {
    data.unpersist();
  }
}
