package io.instructorspark.job.compare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.when;

import io.instructorspark.job.separation.LabelledRows;
import io.instructorspark.job.separation.Labels;
import io.instructorspark.spark.VectorClassifier;
import io.instructorspark.spark.VectorClassifierModel;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Predicts the label of each row by a classifier that has learned from the rows of the other folds.
 * The rows of a label go round the folds in the order of their places; labels begin with one fold
 * after the other. A row is in the same fold whatever its vector.
 *
 * @param folds 0 for no prediction
 */
record CrossValidation(int folds) {
  /** The column that is added: 1 where the prediction is the label, else 0; null without folds. */
  static final String CORRECT = "_compare_correct";

  private static final String PREDICTED = "_compare_predicted";
  private static final String PROBABILITY = "_compare_probability";
  private static final int MOST_FOLDS = 1000;

  CrossValidation {
    if (folds < 0 || folds == 1 || folds > MOST_FOLDS) {
      throw new IllegalArgumentException(
          "--folds must be from 2 to %d, or 0 for no cross-validation, got %d"
              .formatted(MOST_FOLDS, folds));
    }
  }

  /** Rows that two labels need at least. */
  int least() {
    return Math.max(2, folds);
  }

  /**
   * Checks that the rows can be scored.
   *
   * @param rows which rows these are, for the message; empty for all
   */
  void requireEnough(Labels labels, String column, String rows) {
    if (labels.having(least()) >= 2) {
      return;
    }
    throw new CompareException(
        "%s two labels at least that have %d rows each, and of the %d labels of column '%s' %d have so many%s; give more rows%s"
            .formatted(
                folds == 0
                    ? "nearest rows of one label can be found only where there are"
                    : "cross-validation on %d folds needs".formatted(folds),
                least(),
                labels.having(1),
                column,
                labels.having(least()),
                rows,
                folds == 0 ? "" : ", or fewer --folds (0 leaves accuracy out)"));
  }

  /** The rows with the column; lazy where it can be, but for learning. */
  Dataset<Row> of(Dataset<Row> rows, String vector) {
    if (folds == 0) {
      return rows.withColumn(CORRECT, lit(null).cast(DataTypes.DoubleType));
    }
    VectorClassifier stage =
        new VectorClassifier()
            .setFeaturesCol(vector)
            .setLabelCol(LabelledRows.LABEL)
            .setPredictionCol(PREDICTED)
            .setProbabilityCol(PROBABILITY);
    Column fold = pmod(col(LabelledRows.PLACE).plus(col(LabelledRows.LABEL)), lit(folds));
    List<Dataset<Row>> judged = new ArrayList<>();
    for (int held = 0; held < folds; held++) {
      VectorClassifierModel model = stage.fit(rows.where(fold.notEqual(held)));
      Column right = col(PREDICTED).equalTo(col(LabelledRows.LABEL));
      judged.add(
          model
              .transform(rows.where(fold.equalTo(held)))
              .withColumn(CORRECT, when(right, 1.0).otherwise(0.0))
              .drop(PREDICTED, PROBABILITY));
    }
    return judged.stream().reduce(Dataset::union).orElseThrow();
  }
}
