package io.instructorspark.job.classify;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.instructorspark.spark.VectorClassifierModel;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;

/**
 * Compares predictions with labels. Labels of another type than those that were learned are
 * compared as numbers where both are numbers, and else as strings.
 */
final class Judge {
  private static final String LABEL = "label";
  private static final String KNOWN = "known";
  private static final String PREDICTION = "prediction";
  private static final int EXAMPLES = 5;

  private final List<String> labels;
  private final DataType labelType;

  /**
   * @param confusion of all rows
   * @param unseen some of the labels that were never learned
   */
  record Verdict(Confusion confusion, List<String> unseen) {}

  Judge(VectorClassifierModel model) {
    this.labels = List.copyOf(model.labels().keySet());
    this.labelType = model.labelType();
  }

  /** Runs a job or two over the rows; what comes back is as large as the labels are many. */
  Verdict of(Dataset<Row> rows, Column label, Column prediction) {
    Dataset<Row> pairs =
        rows.select(
            text(label, rows).as(LABEL), prediction.cast(DataTypes.StringType).as(PREDICTION));
    Dataset<Row> judged = pairs.withColumn(KNOWN, known(new HashSet<>(labels)).apply(col(LABEL)));
    Confusion confusion = new Confusion(labels);
    Column shown = when(col(KNOWN).equalTo(true), col(LABEL));
    for (Row group :
        judged
            .groupBy(shown.as(LABEL), col(KNOWN), col(PREDICTION))
            .agg(count(lit(1)))
            .collectAsList()) {
      long count = group.getLong(3);
      if (group.isNullAt(1)) {
        confusion.addUnlabelled(count);
      } else if (group.getBoolean(1)) {
        confusion.add(group.getString(0), group.getString(2), count);
      } else {
        confusion.addUnseen(count);
      }
    }
    List<String> unseen =
        confusion.unseen() == 0
            ? List.of()
            : judged
                .where(col(KNOWN).equalTo(false))
                .select(LABEL)
                .distinct()
                .orderBy(LABEL)
                .limit(EXAMPLES)
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .toList();
    return new Verdict(confusion, unseen);
  }

  /** As the model writes its labels; null for no label. */
  private Column text(Column label, Dataset<Row> rows) {
    DataType type = rows.select(label).schema().apply(0).dataType();
    boolean mayBeNan = type.equals(DataTypes.DoubleType) || type.equals(DataTypes.FloatType);
    Column text = (mayBeNan ? when(not(isnan(label)), label) : label).cast(DataTypes.StringType);
    return type instanceof NumericType && labelType instanceof NumericType
        ? asLearned(labels).apply(text)
        : text;
  }

  /** A number as it was spelt among the labels, where an equal one is among them. */
  private static UserDefinedFunction asLearned(List<String> labels) {
    HashMap<BigDecimal, String> spellings = new HashMap<>();
    for (String label : labels) {
      number(label).ifPresent(number -> spellings.put(number, label));
    }
    return udf(
        (UDF1<String, String>)
            text ->
                text == null
                    ? null
                    : number(text).map(number -> spellings.getOrDefault(number, text)).orElse(text),
        DataTypes.StringType);
  }

  private static Optional<BigDecimal> number(String text) {
    try {
      return Optional.of(new BigDecimal(text).stripTrailingZeros());
    } catch (NumberFormatException infinite) {
      return Optional.empty();
    }
  }

  private static UserDefinedFunction known(HashSet<String> labels) {
    return udf(
        (UDF1<String, Boolean>) label -> label == null ? null : labels.contains(label),
        DataTypes.BooleanType);
  }
}
