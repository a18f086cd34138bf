package io.instructorspark.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;
import scala.collection.Seq;

/**
 * Rows to learn from, read once and kept, in memory or on disk, until they are closed. For the
 * driver.
 */
final class LabelledVectors implements AutoCloseable {
  /** Column of labels' numbers, int. */
  static final String LABEL = "label";

  /** Column of vectors, array<float>. */
  static final String VECTOR = "vector";

  private static final String STATE = "state";

  /** Far more than a classifier has; ids and texts have more. */
  private static final int MOST_LABELS = 10_000;

  private final Dataset<Row> kept;
  private final ClassLabels labels;
  private final int dimension;
  private final long withoutLabel;
  private final long withoutDirection;

  private LabelledVectors(
      Dataset<Row> kept,
      ClassLabels labels,
      int dimension,
      long withoutLabel,
      long withoutDirection) {
    this.kept = kept;
    this.labels = labels;
    this.dimension = dimension;
    this.withoutLabel = withoutLabel;
    this.withoutDirection = withoutDirection;
  }

  /**
   * Reads and keeps the rows; runs a job.
   *
   * @throws IllegalArgumentException if fewer than two labels, or far too many, have rows with a
   *     usable vector, or vectors differ in dimension
   */
  static LabelledVectors of(Dataset<?> rows, VectorColumn vectors, String labelCol) {
    DataType type = rows.schema().apply(labelCol).dataType();
    Dataset<Row> kept =
        rows.select(
                ClassLabels.present(EmbedPlan.column(rows.toDF(), labelCol), type).as(LABEL),
                vectors.floats(rows).as(VECTOR))
            .withColumn(STATE, state().apply(col(VECTOR)))
            .persist(StorageLevel.MEMORY_AND_DISK());
    boolean known = false;
    try {
      LabelledVectors all = counted(kept, new Names(vectors.name(), labelCol), type);
      known = true;
      return all;
    } finally {
      if (!known) {
        kept.unpersist();
      }
    }
  }

  private record Names(String vectors, String labels) {}

  private static UserDefinedFunction state() {
    return udf(
        (UDF1<Seq<Float>, String>) numbers -> VectorState.of(VectorRow.vector(numbers)).name(),
        DataTypes.StringType);
  }

  private static LabelledVectors counted(Dataset<Row> kept, Names names, DataType type) {
    Column usableSize = when(col(STATE).equalTo(VectorState.USABLE.name()), size(col(VECTOR)));
    int most = VectorState.values().length * (MOST_LABELS + 2);
    List<Row> groups =
        kept.groupBy(LABEL, STATE)
            .agg(count(lit(1)), min(usableSize), max(usableSize))
            .orderBy(LABEL, STATE)
            .withColumn(LABEL, col(LABEL).cast(DataTypes.StringType))
            .limit(most)
            .collectAsList();
    List<String> texts = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    long withoutLabel = 0;
    long withoutDirection = 0;
    int least = Integer.MAX_VALUE;
    int greatest = 0;
    for (Row group : groups) {
      boolean usable = group.getString(1).equals(VectorState.USABLE.name());
      if (usable) {
        least = Math.min(least, group.getInt(3));
        greatest = Math.max(greatest, group.getInt(4));
      }
      if (group.isNullAt(0)) {
        withoutLabel += group.getLong(2);
      } else if (usable) {
        texts.add(group.getString(0));
        counts.add(group.getLong(2));
      } else {
        withoutDirection += group.getLong(2);
      }
    }
    if (greatest > 0 && least != greatest) {
      throw new IllegalArgumentException(
          "column '%s' has vectors of %d and of %d numbers; vectors of different models cannot be compared. Embed all rows with one model and mode."
              .formatted(names.vectors(), least, greatest));
    }
    LabelledVectors all =
        new LabelledVectors(
            kept,
            new ClassLabels(type.json(), texts, counts),
            greatest,
            withoutLabel,
            withoutDirection);
    all.requireClasses(names);
    return all;
  }

  private void requireClasses(Names names) {
    if (labels.count() > MOST_LABELS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "column '%s' has more than %,d different labels, as ids or texts have; name the column of classes",
              names.labels(),
              MOST_LABELS));
    }
    if (labels.count() == 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "all %,d rows to learn from have the label '%s' in column '%s', so there is nothing to tell apart%s; give rows of two classes at least",
              labels.allRows(),
              labels.texts().get(0),
              names.labels(),
              leftOut()));
    }
    if (labels.count() == 0) {
      throw new IllegalArgumentException(
          "there is no row to learn from, with a label in column '%s' and a vector that is not zero in column '%s'%s"
              .formatted(names.labels(), names.vectors(), leftOut()));
    }
  }

  private String leftOut() {
    return withoutLabel + withoutDirection == 0
        ? ""
        : String.format(
            Locale.ROOT,
            " (%,d further rows have no label, %,d no vector, or one that is zero or not finite)",
            withoutLabel,
            withoutDirection);
  }

  /** Of the usable vectors. */
  int dimension() {
    return dimension;
  }

  /** How many tasks can run at once. */
  int cores() {
    return kept.sparkSession().sparkContext().defaultParallelism();
  }

  /** The labels that usable rows have. */
  ClassLabels labels() {
    return labels;
  }

  /** Rows that are left out because they have no label. */
  long withoutLabel() {
    return withoutLabel;
  }

  /** Rows with a label that are left out because of their vector. */
  long withoutDirection() {
    return withoutDirection;
  }

  /** The rows that can be learned from: {@link #LABEL}, {@link #VECTOR}. */
  Dataset<Row> usable() {
    HashMap<String, Integer> numbers = new HashMap<>();
    for (String text : labels.texts()) {
      numbers.put(text, numbers.size());
    }
    Column usable = col(LABEL).isNotNull().and(col(STATE).equalTo(VectorState.USABLE.name()));
    return kept.where(usable)
        .select(
            numbered(numbers).apply(col(LABEL).cast(DataTypes.StringType)).as(LABEL), col(VECTOR));
  }

  private static UserDefinedFunction numbered(HashMap<String, Integer> numbers) {
    return udf((UDF1<String, Integer>) numbers::get, DataTypes.IntegerType);
  }

  @Override
  public void close() {
    kept.unpersist();
  }
}
