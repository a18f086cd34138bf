package io.instructorspark.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.map_from_arrays;
import static org.apache.spark.sql.functions.when;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Predicts labels from vectors; see {@link VectorClassifier}. Saved with all that it has learned,
 * for {@code knn} with the vectors. For the driver.
 */
public final class VectorClassifierModel extends Model<VectorClassifierModel>
    implements MLWritable {
  private static final long serialVersionUID = 1L;

  private static final String SCORE = "_classifier_score";
  private static final String CLASSES = "classes";
  private static final String LEARNED = "learned";

  private final String uid;
  private final ClassifierParams params;
  private final transient Classes classes;
  private final transient Learned learned;

  /** For Spark Connect's server, which finds stages as services, and never uses such a one. */
  public VectorClassifierModel() {
    this(Identifiable$.MODULE$.randomUID("vectorClassifier"));
  }

  /** For the reader, which calls it to learn what was saved. */
  public VectorClassifierModel(String uid) {
    this(uid, null, null);
  }

  VectorClassifierModel(String uid, Classes classes, Learned learned) {
    this.uid = uid;
    this.params = new ClassifierParams(this);
    this.classes = classes;
    this.learned = learned;
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
  public VectorClassifierModel setFeaturesCol(String value) {
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
  public VectorClassifierModel setPredictionCol(String value) {
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
  public VectorClassifierModel setProbabilityCol(String value) {
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
  public VectorClassifierModel setProbabilitiesCol(String value) {
    set(params.probabilitiesCol, value);
    return this;
  }

  /** {@code logistic} or {@code knn}. */
  public String algorithm() {
    return classes.algorithm();
  }

  /** How many rows were learned from, by their labels as strings, in the order of their type. */
  public Map<String, Long> labels() {
    Map<String, Long> rows = new LinkedHashMap<>();
    for (int i = 0; i < classes.labels().count(); i++) {
      rows.put(classes.labels().texts().get(i), classes.labels().rows().get(i));
    }
    return rows;
  }

  /** The type of the labels. */
  public DataType labelType() {
    return classes.labels().type();
  }

  /** Rows that were left out of learning because they had no label. */
  public long rowsWithoutLabel() {
    return classes.withoutLabel();
  }

  /** Rows with a label that were left out because their vectors were null, zero or not finite. */
  public long rowsWithoutDirection() {
    return classes.withoutDirection();
  }

  /** What made the vectors that were learned from; empty where they did not say. */
  public Optional<VectorOrigin> origin() {
    return classes.vectorOrigin();
  }

  /** How many steps the optimiser took; 0 for {@code knn}. */
  public int iterations() {
    return learned.iterations();
  }

  /** Whether learning came to its end, and was not stopped by {@code maxIter}. */
  public boolean hasConverged() {
    return learned.converged();
  }

  /**
   * The schema of {@link #transform}.
   *
   * @throws IllegalArgumentException if a column is missing, of another type, or there already, or
   *     other models or modes made the vectors
   */
  @Override
  public StructType transformSchema(StructType schema) {
    VectorColumn.of(schema, getFeaturesCol()).requireComparable(classes.vectorOrigin());
    return params.append(schema, this, classes.labels().type());
  }

  /**
   * Adds the predicted label, its probability, and where that is asked for the probability of every
   * label. All are null where a row's vector is null, zero or not finite. Rows keep their order.
   * Lazy. With {@code knn} not for streams.
   *
   * @throws IllegalArgumentException as {@link #transformSchema}; a task fails with it if a vector
   *     has another dimension
   */
  @Override
  public Dataset<Row> transform(Dataset<?> rows) {
    transformSchema(rows.schema());
    VectorColumn vectors = VectorColumn.of(rows.schema(), getFeaturesCol());
    Dataset<Row> scored = learned.scored(rows.toDF(), vectors, SCORE);
    List<Column> columns = new ArrayList<>();
    for (StructField field : rows.schema().fields()) {
      columns.add(EmbedPlan.column(scored, field.name()));
    }
    Column score = col(SCORE);
    ClassLabels labels = classes.labels();
    columns.add(labels.value(score.getField(ClassScore.LABEL)).as(getPredictionCol()));
    columns.add(score.getField(ClassScore.PROBABILITY).as(getProbabilityCol()));
    if (isSet(params.probabilitiesCol)) {
      columns.add(
          when(
                  score.isNotNull(),
                  map_from_arrays(labels.values(), score.getField(ClassScore.PROBABILITIES)))
              .as(getProbabilitiesCol()));
    }
    return scored.select(columns.toArray(Column[]::new));
  }

  /** Lets executors forget the vectors that vote; they are read again if the model is used. */
  public void forget() {
    learned.forget();
  }

  @Override
  public VectorClassifierModel copy(ParamMap extra) {
    return copyValues(new VectorClassifierModel(uid, classes, learned), extra).setParent(parent());
  }

  /** A writer of the params and of what was learned. */
  @Override
  public MLWriter write() {
    return new Writer(this);
  }

  private static final class Writer extends DefaultParamsWriter {
    private final VectorClassifierModel model;

    Writer(VectorClassifierModel model) {
      super(model);
      this.model = model;
    }

    @Override
    public void saveImpl(String path) {
      super.saveImpl(path);
      model.classes.save(sparkSession(), path + "/" + CLASSES);
      try {
        model.learned.save(sparkSession(), path + "/" + LEARNED);
      } catch (IOException e) { // Scala's method names none
        throw ClassicSpark.<RuntimeException>asIs(e);
      }
    }
  }

  /** A reader of saved models; {@code PipelineModel.load} finds it by name. */
  public static MLReader<VectorClassifierModel> read() {
    return new MLReader<>() {
      @Override
      public VectorClassifierModel load(String path) {
        VectorClassifierModel saved = new DefaultParamsReader<VectorClassifierModel>().load(path);
        Classes classes = Classes.load(sparkSession(), path + "/" + CLASSES);
        Learned learned =
            classes.algorithm().equals(VectorClassifier.KNN)
                ? NeighborClasses.load(path + "/" + LEARNED, classes.labels().count())
                : LinearClasses.load(sparkSession(), path + "/" + LEARNED);
        return saved.copyValues(
            new VectorClassifierModel(saved.uid(), classes, learned), ParamMap.empty());
      }
    };
  }

  /** Loads a model saved with {@code write().save(path)}. */
  public static VectorClassifierModel load(String path) {
    return read().load(path);
  }
}
