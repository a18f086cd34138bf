package io.instructorspark.spark;

import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * Learns to predict labels from vectors: by MLlib's multinomial logistic regression, or by the
 * votes of the nearest rows. After an {@link InstructorEmbedder} in a pipeline it makes a
 * classifier of raw texts.
 *
 * <pre>{@code
 * PipelineModel classifier = new Pipeline()
 *     .setStages(new PipelineStage[] {
 *       new InstructorEmbedder().setInstruction("Represent the product review: "),
 *       new VectorClassifier().setLabelCol("stars")})
 *     .fit(reviews);
 * Dataset<Row> predicted = classifier.transform(others); // prediction, probability
 * }</pre>
 *
 * <p>{@code logistic} minimises the sum of the rows' logistic losses and {@code regularization / 2}
 * times the squared coefficients, without intercepts, as scikit-learn's {@code LogisticRegression}
 * does with {@code C = 1 / regularization}. {@code knn} keeps the rows; each of the {@code k} most
 * similar by cosine has one vote. Of labels with equally many votes, that one wins whose neighbours
 * are more similar in sum, then the first in the order of their type; a probability is a share of
 * the votes.
 *
 * <p>Rows without a label (null or NaN) and rows whose vectors are null, zero or not finite are
 * left out of learning and counted. The result does not depend on how rows are distributed, but for
 * the rounding of sums.
 */
public final class VectorClassifier extends Estimator<VectorClassifierModel>
    implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  static final String KNN = "knn";

  private static final String LOGISTIC = "logistic";
  private static final String NONE = "none";
  private static final String BALANCED = "balanced";

  private final String uid;
  private final ClassifierParams params;
  private final Param<String> labelCol;
  private final Param<String> algorithm;
  private final IntParam k;
  private final DoubleParam regularization;
  private final Param<String> classWeights;
  private final IntParam maxIter;

  /** An estimator with a random uid. */
  public VectorClassifier() {
    this(Identifiable$.MODULE$.randomUID("vectorClassifier"));
  }

  /** An estimator with a given uid. */
  public VectorClassifier(String uid) {
    this.uid = uid;
    this.params = new ClassifierParams(this);
    labelCol =
        StageParams.name(this, "labelCol", "column of labels: strings, numbers, booleans or dates");
    algorithm =
        StageParams.choice(
            this,
            "algorithm",
            "how to learn: logistic (multinomial logistic regression) or knn (votes of the nearest rows)",
            LOGISTIC,
            KNN);
    k = StageParams.positive(this, "k", "rows that vote, with knn");
    regularization =
        new DoubleParam(
            this,
            "regularization",
            "pull of the coefficients towards 0, with logistic: scikit-learn's 1 / C",
            ParamValidators.gtEq(0));
    classWeights =
        StageParams.choice(
            this,
            "classWeights",
            "none, or balanced: classes count alike, however many rows they have; with logistic",
            NONE,
            BALANCED);
    maxIter = StageParams.positive(this, "maxIter", "most steps of the optimiser, with logistic");
    setDefault(labelCol, "label");
    setDefault(algorithm, LOGISTIC);
    setDefault(k, (Object) 5);
    setDefault(regularization, (Object) 1.0);
    setDefault(classWeights, NONE);
    setDefault(maxIter, (Object) 500);
  }

  @Override
  public String uid() {
    return uid;
  }

  /** Param: column of vectors: array<float>, array<double> or ML's vector. */
  public Param<String> featuresCol() {
    return params.featuresCol;
  }

  /** Returns column of vectors: array<float>, array<double> or ML's vector. */
  public String getFeaturesCol() {
    return getOrDefault(params.featuresCol);
  }

  /** Sets column of vectors: array<float>, array<double> or ML's vector. Returns this stage. */
  public VectorClassifier setFeaturesCol(String value) {
    set(params.featuresCol, value);
    return this;
  }

  /** Param: column that is added: the predicted label, of the type of those that were learned. */
  public Param<String> predictionCol() {
    return params.predictionCol;
  }

  /** Returns column that is added: the predicted label, of the type of those that were learned. */
  public String getPredictionCol() {
    return getOrDefault(params.predictionCol);
  }

  /**
   * Sets column that is added: the predicted label, of the type of those that were learned. Returns
   * this stage.
   */
  public VectorClassifier setPredictionCol(String value) {
    set(params.predictionCol, value);
    return this;
  }

  /** Param: column that is added: the predicted label's probability, double. */
  public Param<String> probabilityCol() {
    return params.probabilityCol;
  }

  /** Returns column that is added: the predicted label's probability, double. */
  public String getProbabilityCol() {
    return getOrDefault(params.probabilityCol);
  }

  /** Sets column that is added: the predicted label's probability, double. Returns this stage. */
  public VectorClassifier setProbabilityCol(String value) {
    set(params.probabilityCol, value);
    return this;
  }

  /**
   * Param: column that is added if it is set: the probability of every label, map<label, double>.
   */
  public Param<String> probabilitiesCol() {
    return params.probabilitiesCol;
  }

  /**
   * Returns column that is added if it is set: the probability of every label, map<label, double>.
   */
  public String getProbabilitiesCol() {
    return getOrDefault(params.probabilitiesCol);
  }

  /**
   * Sets column that is added if it is set: the probability of every label, map<label, double>.
   * Returns this stage.
   */
  public VectorClassifier setProbabilitiesCol(String value) {
    set(params.probabilitiesCol, value);
    return this;
  }

  /** Param: column of labels: strings, numbers, booleans or dates. */
  public Param<String> labelCol() {
    return labelCol;
  }

  /** Returns column of labels: strings, numbers, booleans or dates. */
  public String getLabelCol() {
    return getOrDefault(labelCol);
  }

  /** Sets column of labels: strings, numbers, booleans or dates. Returns this stage. */
  public VectorClassifier setLabelCol(String value) {
    set(labelCol, value);
    return this;
  }

  /** Param: {@code logistic} or {@code knn}. */
  public Param<String> algorithm() {
    return algorithm;
  }

  /** Returns {@code logistic} or {@code knn}. */
  public String getAlgorithm() {
    return getOrDefault(algorithm);
  }

  /** Sets {@code logistic} or {@code knn}. Returns this stage. */
  public VectorClassifier setAlgorithm(String value) {
    set(algorithm, value);
    return this;
  }

  /** Param: neighbours that vote, with {@code knn}. */
  public IntParam k() {
    return k;
  }

  /** Returns neighbours that vote, with {@code knn}. */
  public int getK() {
    return (Integer) getOrDefault(k);
  }

  /** Sets neighbours that vote, with {@code knn}. Returns this stage. */
  public VectorClassifier setK(int value) {
    set(k, (Object) value);
    return this;
  }

  /**
   * Param: weight of half the coefficients' squares against the sum of the rows' losses:
   * scikit-learn's {@code 1 / C}; with {@code logistic}.
   */
  public DoubleParam regularization() {
    return regularization;
  }

  /**
   * Returns weight of half the coefficients' squares against the sum of the rows' losses:
   * scikit-learn's {@code 1 / C}; with {@code logistic}.
   */
  public double getRegularization() {
    return (Double) getOrDefault(regularization);
  }

  /**
   * Sets weight of half the coefficients' squares against the sum of the rows' losses:
   * scikit-learn's {@code 1 / C}; with {@code logistic}. Returns this stage.
   */
  public VectorClassifier setRegularization(double value) {
    set(regularization, (Object) value);
    return this;
  }

  /**
   * Param: {@code none}, or {@code balanced}: classes count alike, however many rows they have;
   * with {@code logistic}.
   */
  public Param<String> classWeights() {
    return classWeights;
  }

  /**
   * Returns {@code none}, or {@code balanced}: classes count alike, however many rows they have;
   * with {@code logistic}.
   */
  public String getClassWeights() {
    return getOrDefault(classWeights);
  }

  /**
   * Sets {@code none}, or {@code balanced}: classes count alike, however many rows they have; with
   * {@code logistic}. Returns this stage.
   */
  public VectorClassifier setClassWeights(String value) {
    set(classWeights, value);
    return this;
  }

  /** Param: most steps of the optimiser, with {@code logistic}. */
  public IntParam maxIter() {
    return maxIter;
  }

  /** Returns most steps of the optimiser, with {@code logistic}. */
  public int getMaxIter() {
    return (Integer) getOrDefault(maxIter);
  }

  /** Sets most steps of the optimiser, with {@code logistic}. Returns this stage. */
  public VectorClassifier setMaxIter(int value) {
    set(maxIter, (Object) value);
    return this;
  }

  /**
   * Learns from the rows: reads them once, and keeps them meanwhile where executors have room, in
   * memory or on disk; with {@code knn} until {@link VectorClassifierModel#forget}.
   *
   * @throws IllegalArgumentException if a column is missing or of another type, vectors differ in
   *     dimension, or usable rows have fewer than two labels, or more than 10,000
   */
  @Override
  public VectorClassifierModel fit(Dataset<?> rows) {
    StructType schema = rows.schema();
    transformSchema(schema);
    VectorColumn vectors = VectorColumn.of(schema, getFeaturesCol());
    try (LabelledVectors examples = LabelledVectors.of(rows, vectors, getLabelCol())) {
      VectorClassifierModel model =
          new VectorClassifierModel(
              uid, Classes.of(examples, vectors.origin(), getAlgorithm()), learned(examples));
      return copyValues(model.setParent(this), ParamMap.empty());
    }
  }

  private Learned learned(LabelledVectors examples) {
    return getAlgorithm().equals(KNN)
        ? NeighborClasses.learn(examples, getK())
        : LinearClasses.learn(
            examples,
            new LinearClasses.Settings(
                getRegularization(), getClassWeights().equals(BALANCED), getMaxIter()));
  }

  /**
   * The schema of what the model adds its columns to.
   *
   * @throws IllegalArgumentException as {@link #fit}, but for what only rows show
   */
  @Override
  public StructType transformSchema(StructType schema) {
    VectorColumn.of(schema, getFeaturesCol());
    ClassLabels.requireColumn(schema, getLabelCol());
    DataType labels = schema.apply(getLabelCol()).dataType();
    return params.append(schema, this, labels);
  }

  @Override
  public VectorClassifier copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** A reader of saved estimators; {@code Pipeline.load} finds it by name. */
  public static MLReader<VectorClassifier> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads an estimator saved with {@code write().save(path)}. */
  public static VectorClassifier load(String path) {
    return read().load(path);
  }
}
