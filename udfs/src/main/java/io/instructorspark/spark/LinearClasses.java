package io.instructorspark.spark;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.functions$;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Multinomial logistic regression, which MLlib has fitted.
 *
 * @param scores what gives probabilities
 * @param iterations steps of the optimiser
 * @param converged whether the optimiser stopped by itself
 */
record LinearClasses(LinearScores scores, int iterations, boolean converged)
    implements Learned, Serializable {
  private static final String FEATURES = "features";
  private static final String WEIGHT = "weight";

  /**
   * Where the loss has stopped to change, relative to its size. Below it the rounding of sums ends
   * the search, with messages of failure.
   */
  private static final double TOLERANCE = 1e-6;

  /** Every step is a job over all partitions, so that many small ones would take its time. */
  private static final int TASKS_PER_CORE = 2;

  /** A megabyte of a partition's numbers. */
  private static final long NUMBERS = 1 << 18;

  private static final StructType SAVED =
      new StructType()
          .add("dimension", DataTypes.IntegerType)
          .add("coefficients", DataTypes.createArrayType(DataTypes.DoubleType))
          .add("intercepts", DataTypes.createArrayType(DataTypes.DoubleType))
          .add("iterations", DataTypes.IntegerType)
          .add("converged", DataTypes.BooleanType);

  /**
   * How to learn.
   *
   * @param regularization weight of half the coefficients' squares against the rows' losses
   * @param balanced whether classes count alike, however many rows they have
   * @param maxIter of the optimiser
   */
  record Settings(double regularization, boolean balanced, int maxIter) {}

  static LinearClasses learn(LabelledVectors rows, Settings settings) {
    ClassLabels labels = rows.labels();
    double all = labels.allRows();
    Column[] weights =
        labels.rows().stream()
            .map(of -> lit(settings.balanced() ? all / (labels.count() * (double) of) : 1.0))
            .toArray(Column[]::new);
    Dataset<Row> instances =
        rows.usable()
            .coalesce(partitions(rows))
            .select(
                col(LabelledVectors.LABEL).cast(DataTypes.DoubleType).as(LabelledVectors.LABEL),
                functions$.MODULE$.array_to_vector(col(LabelledVectors.VECTOR)).as(FEATURES),
                element_at(array(weights), col(LabelledVectors.LABEL).plus(1)).as(WEIGHT));
    // MLlib takes the mean of the losses, whose weights sum up to the number of rows either way.
    LogisticRegressionModel fitted =
        new LogisticRegression()
            .setFeaturesCol(FEATURES)
            .setLabelCol(LabelledVectors.LABEL)
            .setWeightCol(WEIGHT)
            .setStandardization(false)
            .setElasticNetParam(0)
            .setRegParam(settings.regularization() / all)
            .setMaxIter(settings.maxIter())
            .setTol(TOLERANCE)
            .fit(instances);
    int iterations = fitted.summary().totalIterations();
    return new LinearClasses(scores(fitted), iterations, iterations < settings.maxIter());
  }

  private static int partitions(LabelledVectors rows) {
    long worthwhile = 1 + rows.labels().allRows() * rows.dimension() / NUMBERS;
    return (int) Math.min(worthwhile, (long) TASKS_PER_CORE * rows.cores());
  }

  /** Of two classes MLlib gives the second one's coefficients, against a first without any. */
  private static LinearScores scores(LogisticRegressionModel fitted) {
    Matrix matrix = fitted.coefficientMatrix();
    double[] intercepts = fitted.interceptVector().toArray();
    int dimension = matrix.numCols();
    int classes = fitted.numClasses();
    int first = classes - matrix.numRows();
    double[] coefficients = new double[classes * dimension];
    for (int row = 0; row < matrix.numRows(); row++) {
      for (int i = 0; i < dimension; i++) {
        coefficients[(first + row) * dimension + i] = matrix.apply(row, i);
      }
    }
    double[] all = new double[classes];
    System.arraycopy(intercepts, 0, all, first, intercepts.length);
    return new LinearScores(dimension, coefficients, all);
  }

  @Override
  public Dataset<Row> scored(Dataset<Row> rows, VectorColumn vectors, String column) {
    return rows.withColumn(column, udf(scores, ClassScore.TYPE).apply(vectors.floats(rows)));
  }

  @Override
  public void save(SparkSession session, String folder) {
    Row row =
        RowFactory.create(
            scores.dimension(), scores.coefficients(), scores.intercepts(), iterations, converged);
    session.createDataFrame(List.of(row), SAVED).coalesce(1).write().parquet(folder);
  }

  static LinearClasses load(SparkSession session, String folder) {
    Row row = session.read().schema(SAVED).parquet(folder).head();
    return new LinearClasses(
        new LinearScores(row.getInt(0), doubles(row, 1), doubles(row, 2)),
        row.getInt(3),
        row.getBoolean(4));
  }

  private static double[] doubles(Row row, int place) {
    return row.<Double>getList(place).stream().mapToDouble(Double::doubleValue).toArray();
  }

  @Override
  public void forget() {}
}
