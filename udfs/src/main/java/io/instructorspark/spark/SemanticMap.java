package io.instructorspark.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.size;

import java.util.UUID;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.feature.PCA;
import org.apache.spark.ml.feature.PCAModel;
import org.apache.spark.ml.functions$;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.stat.Summarizer;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import scala.collection.Seq;

/**
 * Fits a map of vectors: their first two or three principal components (MLlib's {@link PCA}), with
 * the mean of the vectors in its middle. Vectors of one instruction lie on their map as that
 * instruction's task has them.
 *
 * <p>Each axis points where the number of greatest magnitude among its own is positive, so the same
 * rows give the same map on any partitioning, as far as the rounding of sums goes. Vectors that are
 * null, zero, or not finite are left out. Null order and row order have no influence. Cost: one
 * pass that keeps the vectors in memory or on disk, one that sums up {@code dimension * dimension /
 * 2} products for each row, and a decomposition on the driver. For the driver.
 */
public final class SemanticMap extends Estimator<SemanticMapModel>
    implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private static final String VECTOR = "_map_vector";
  private static final String FEATURES = "_map_features";

  private final String uid;
  private final MapParams params;

  /** An estimator with default params. */
  public SemanticMap() {
    this("semanticMap_" + UUID.randomUUID().toString().replace("-", "").substring(20));
  }

  /** An estimator of a given uid, as readers make them. */
  public SemanticMap(String uid) {
    this.uid = uid;
    this.params = new MapParams(this);
  }

  @Override
  public String uid() {
    return uid;
  }

  /** Param: the column of vectors: {@code array<float>}, {@code array<double>} or ML's vector. */
  public Param<String> featuresCol() {
    return params.featuresCol;
  }

  /** Returns the column of vectors: {@code array<float>}, {@code array<double>} or ML's vector. */
  public String getFeaturesCol() {
    return getOrDefault(params.featuresCol);
  }

  /**
   * Sets the column of vectors: {@code array<float>}, {@code array<double>} or ML's vector. Returns
   * this stage.
   */
  public SemanticMap setFeaturesCol(String value) {
    set(params.featuresCol, value);
    return this;
  }

  /** Param: the column that is added: {@code array<float>} of {@code k} coordinates. */
  public Param<String> outputCol() {
    return params.outputCol;
  }

  /** Returns the column that is added: {@code array<float>} of {@code k} coordinates. */
  public String getOutputCol() {
    return getOrDefault(params.outputCol);
  }

  /**
   * Sets the column that is added: {@code array<float>} of {@code k} coordinates. Returns this
   * stage.
   */
  public SemanticMap setOutputCol(String value) {
    set(params.outputCol, value);
    return this;
  }

  /** Param: the axes of the map, 2 or 3. */
  public IntParam k() {
    return params.k;
  }

  /** Returns the axes of the map, 2 or 3. */
  public int getK() {
    return (Integer) getOrDefault(params.k);
  }

  /** Sets the axes of the map, 2 or 3. Returns this stage. */
  public SemanticMap setK(int value) {
    set(params.k, (Object) value);
    return this;
  }

  /**
   * Fits the map. Where all vectors are equal they all lie in its middle, and no axis has any
   * variance.
   *
   * @throws IllegalArgumentException if the column is missing or no column of vectors, {@code
   *     outputCol} is there already, vectors differ in dimension or have fewer numbers than the map
   *     axes, or fewer than two rows have a vector
   */
  @Override
  public SemanticMapModel fit(Dataset<?> rows) {
    transformSchema(rows.schema());
    VectorColumn vectors = VectorColumn.of(rows.schema(), getFeaturesCol());
    Dataset<Row> kept =
        rows.select(vectors.floats(rows).as(VECTOR))
            .where(usable(col(VECTOR)))
            .withColumn(FEATURES, functions$.MODULE$.array_to_vector(col(VECTOR)))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      String origin = rows.schema().apply(getFeaturesCol()).metadata().json();
      SemanticMapModel model = new SemanticMapModel(uid, axes(kept, origin));
      return copyValues(model.setParent(this), ParamMap.empty());
    } finally {
      kept.unpersist();
    }
  }

  private static Column usable(Column vector) {
    UDF1<Seq<Float>, Boolean> usable =
        numbers -> VectorState.of(VectorRow.vector(numbers)) == VectorState.USABLE;
    return functions.udf(usable, DataTypes.BooleanType).apply(vector);
  }

  private MapAxes axes(Dataset<Row> kept, String origin) {
    Row sizes = kept.agg(count(lit(1)), min(size(col(VECTOR))), max(size(col(VECTOR)))).head();
    long rows = sizes.getLong(0);
    if (rows < 2) {
      throw new IllegalArgumentException(
          "%d rows have a vector in column '%s' that is not null, zero or infinite, and a map needs two at least"
              .formatted(rows, getFeaturesCol()));
    }
    int dimension = sizes.getInt(1);
    if (sizes.getInt(2) != dimension) {
      throw VectorRow.otherDimension(dimension, sizes.getInt(2));
    }
    if (dimension < getK()) {
      throw new IllegalArgumentException(
          "the vectors in column '%s' have %d numbers, too few for %d axes; set k to less, or embed texts"
              .formatted(getFeaturesCol(), dimension, getK()));
    }
    Vector mean = kept.select(Summarizer.mean(col(FEATURES))).head().getAs(0);
    PCAModel fitted =
        new PCA().setInputCol(FEATURES).setOutputCol("_map_places").setK(getK()).fit(kept);
    double[] axes = new double[getK() * dimension];
    double[] variance = new double[getK()];
    for (int axis = 0; axis < getK(); axis++) {
      double share = fitted.explainedVariance().apply(axis);
      variance[axis] = Double.isNaN(share) ? 0 : share; // all vectors are equal
      for (int i = 0; i < dimension; i++) {
        axes[axis * dimension + i] = fitted.pc().apply(i, axis);
      }
    }
    return new MapAxes(mean.toArray(), axes, variance, rows, origin).signed();
  }

  /**
   * The schema of what the model adds its column to.
   *
   * @throws IllegalArgumentException as {@link #fit}, but for what only rows show
   */
  @Override
  public StructType transformSchema(StructType schema) {
    return SemanticMapModel.withPlaces(schema, getFeaturesCol(), getOutputCol());
  }

  @Override
  public SemanticMap copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** A reader of saved estimators; {@code Pipeline.load} finds it by name. */
  public static MLReader<SemanticMap> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads an estimator saved with {@code write().save(path)}. */
  public static SemanticMap load(String path) {
    return read().load(path);
  }
}
