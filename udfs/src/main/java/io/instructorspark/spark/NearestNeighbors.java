package io.instructorspark.spark;

import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * Nearest neighbours by cosine, exact ones or most of them: {@link #fit} takes the rows of a corpus
 * in, the model finds for each of other rows, or of the same, those of the corpus that are most
 * similar.
 *
 * <pre>{@code
 * NearestNeighborsModel model = new NearestNeighbors().setK(5).fit(corpus);
 * Dataset<Row> found = model.transform(queries); // neighbors: array<struct<id, similarity>>
 * Dataset<Row> pairs = model.kneighborsJoin(queries);
 * }</pre>
 *
 * <p>A similarity is what {@code vector_cosine_similarity} says of the two vectors. Neighbours are
 * sorted by it, the greatest first, and equal ones by their ids, so the result does not depend on
 * how rows are distributed. Vectors that are null, zero, or not finite have no neighbours (null)
 * and are none.
 *
 * <p>Rows are compared block by block; an executor holds some megabytes of blocks for each of its
 * tasks, whatever the number of rows. Cost: {@code 2 * dimension} floating-point operations a pair.
 *
 * <p>With {@code algorithm} at {@code ivf} the corpus is kept in cells, found by k-means on at most
 * 20,000 of its rows, and a row is compared with those of the nearest cells alone. How many that
 * are is measured when the corpus is taken in: so many that, of a sample of its rows, {@code
 * targetRecall} of the exact neighbours are found. {@link NearestNeighborsModel#recall} says what
 * was measured.
 */
public final class NearestNeighbors extends Estimator<NearestNeighborsModel>
    implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  /**
   * Rows of a corpus from which on searching it for all its own rows takes longer than making and
   * searching cells, by {@code scripts/bench neighbors}.
   */
  private static final long LARGE = 100_000;

  private final String uid;
  private final NeighborParams params;

  /** An estimator with a random uid. */
  public NearestNeighbors() {
    this(Identifiable$.MODULE$.randomUID("nearestNeighbors"));
  }

  /** An estimator with a given uid. */
  public NearestNeighbors(String uid) {
    this.uid = uid;
    this.params = new NeighborParams(this);
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
  public NearestNeighbors setFeaturesCol(String value) {
    set(params.featuresCol, value);
    return this;
  }

  /**
   * Param: the column of the corpus that names its rows; unique, of any type that can be ordered.
   */
  public Param<String> idCol() {
    return params.idCol;
  }

  /**
   * Returns the column of the corpus that names its rows; unique, of any type that can be ordered.
   */
  public String getIdCol() {
    return getOrDefault(params.idCol);
  }

  /**
   * Sets the column of the corpus that names its rows; unique, of any type that can be ordered.
   * Returns this stage.
   */
  public NearestNeighbors setIdCol(String value) {
    set(params.idCol, value);
    return this;
  }

  /**
   * Param: the column that is added: {@code array<struct<id, similarity>>}, the most similar first.
   */
  public Param<String> outputCol() {
    return params.outputCol;
  }

  /**
   * Returns the column that is added: {@code array<struct<id, similarity>>}, the most similar
   * first.
   */
  public String getOutputCol() {
    return getOrDefault(params.outputCol);
  }

  /**
   * Sets the column that is added: {@code array<struct<id, similarity>>}, the most similar first.
   * Returns this stage.
   */
  public NearestNeighbors setOutputCol(String value) {
    set(params.outputCol, value);
    return this;
  }

  /** Param: the number of neighbours of a row, at most. */
  public IntParam k() {
    return params.k;
  }

  /** Returns the number of neighbours of a row, at most. */
  public int getK() {
    return (Integer) getOrDefault(params.k);
  }

  /** Sets the number of neighbours of a row, at most. Returns this stage. */
  public NearestNeighbors setK(int value) {
    set(params.k, (Object) value);
    return this;
  }

  /**
   * Param: {@code cosine}, or {@code centered_cosine}: after the corpus' mean is taken off all
   * vectors.
   */
  public Param<String> similarity() {
    return params.similarity;
  }

  /**
   * Returns {@code cosine}, or {@code centered_cosine}: after the corpus' mean is taken off all
   * vectors.
   */
  public String getSimilarity() {
    return getOrDefault(params.similarity);
  }

  /**
   * Sets {@code cosine}, or {@code centered_cosine}: after the corpus' mean is taken off all
   * vectors. Returns this stage.
   */
  public NearestNeighbors setSimilarity(String value) {
    set(params.similarity, value);
    return this;
  }

  /** Param: the least similarity of a neighbour, from -1 to 1. */
  public DoubleParam minSimilarity() {
    return params.minSimilarity;
  }

  /** Returns the least similarity of a neighbour, from -1 to 1. */
  public double getMinSimilarity() {
    return (Double) getOrDefault(params.minSimilarity);
  }

  /** Sets the least similarity of a neighbour, from -1 to 1. Returns this stage. */
  public NearestNeighbors setMinSimilarity(double value) {
    set(params.minSimilarity, (Object) value);
    return this;
  }

  /** Param: whether the row of the corpus with a row's own id is no neighbour of it. */
  public BooleanParam excludeSelf() {
    return params.excludeSelf;
  }

  /** Returns whether the row of the corpus with a row's own id is no neighbour of it. */
  public boolean getExcludeSelf() {
    return (Boolean) getOrDefault(params.excludeSelf);
  }

  /**
   * Sets whether the row of the corpus with a row's own id is no neighbour of it. Returns this
   * stage.
   */
  public NearestNeighbors setExcludeSelf(boolean value) {
    set(params.excludeSelf, (Object) value);
    return this;
  }

  /**
   * Param: {@code exact}, {@code ivf} (only the cells nearest to a row are searched) or {@code
   * auto} (ivf where the corpus is so large that it pays).
   */
  public Param<String> algorithm() {
    return params.algorithm;
  }

  /**
   * Returns {@code exact}, {@code ivf} (only the cells nearest to a row are searched) or {@code
   * auto} (ivf where the corpus is so large that it pays).
   */
  public String getAlgorithm() {
    return getOrDefault(params.algorithm);
  }

  /**
   * Sets {@code exact}, {@code ivf} (only the cells nearest to a row are searched) or {@code auto}
   * (ivf where the corpus is so large that it pays). Returns this stage.
   */
  public NearestNeighbors setAlgorithm(String value) {
    set(params.algorithm, value);
    return this;
  }

  /** Param: the number of cells of ivf; 0 for about the square root of the corpus' rows. */
  public IntParam cells() {
    return params.cells;
  }

  /** Returns the number of cells of ivf; 0 for about the square root of the corpus' rows. */
  public int getCells() {
    return (Integer) getOrDefault(params.cells);
  }

  /**
   * Sets the number of cells of ivf; 0 for about the square root of the corpus' rows. Returns this
   * stage.
   */
  public NearestNeighbors setCells(int value) {
    set(params.cells, (Object) value);
    return this;
  }

  /** Param: the share of the exact neighbours that ivf has to find, by a sample, from 0 to 1. */
  public DoubleParam targetRecall() {
    return params.targetRecall;
  }

  /** Returns the share of the exact neighbours that ivf has to find, by a sample, from 0 to 1. */
  public double getTargetRecall() {
    return (Double) getOrDefault(params.targetRecall);
  }

  /**
   * Sets the share of the exact neighbours that ivf has to find, by a sample, from 0 to 1. Returns
   * this stage.
   */
  public NearestNeighbors setTargetRecall(double value) {
    set(params.targetRecall, (Object) value);
    return this;
  }

  /** Param: the seed of the first centres of ivf's cells. */
  public LongParam seed() {
    return params.seed;
  }

  /** Returns the seed of the first centres of ivf's cells. */
  public long getSeed() {
    return (Long) getOrDefault(params.seed);
  }

  /** Sets the seed of the first centres of ivf's cells. Returns this stage. */
  public NearestNeighbors setSeed(long value) {
    set(params.seed, (Object) value);
    return this;
  }

  /**
   * Takes the rows of a corpus in: reads their vectors once, and keeps them where executors have
   * room, in memory or on disk, until {@link NearestNeighborsModel#forget}.
   *
   * @throws IllegalArgumentException if a column is missing or of another type, an id is null or
   *     not unique, or vectors differ in dimension
   */
  @Override
  public NearestNeighborsModel fit(Dataset<?> corpus) {
    transformSchema(corpus.schema());
    Corpus rows = Corpus.of(corpus, VectorColumn.of(corpus.schema(), getFeaturesCol()), getIdCol());
    NearestNeighborsModel exact =
        copyValues(new NearestNeighborsModel(uid, rows, null), ParamMap.empty());
    NearestNeighborsModel model = usesCells(rows) ? exact.inCells() : exact;
    return model.setParent(this);
  }

  private boolean usesCells(Corpus rows) {
    long many = rows.summary().rows();
    return many > 1
        && (getAlgorithm().equals(NeighborParams.IVF)
            || getAlgorithm().equals(NeighborParams.AUTO) && many >= LARGE);
  }

  /**
   * The schema of what the model adds its column to.
   *
   * @throws IllegalArgumentException as {@link #fit}, but for what only rows show
   */
  @Override
  public StructType transformSchema(StructType schema) {
    VectorColumn.of(schema, getFeaturesCol());
    Ids.requireColumn(schema, getIdCol());
    return NearestNeighborsModel.withNeighbors(
        schema, getOutputCol(), schema.apply(getIdCol()).dataType());
  }

  @Override
  public NearestNeighbors copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** A reader of saved estimators; {@code Pipeline.load} finds it by name. */
  public static MLReader<NearestNeighbors> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads an estimator saved with {@code write().save(path)}. */
  public static NearestNeighbors load(String path) {
    return read().load(path);
  }
}
