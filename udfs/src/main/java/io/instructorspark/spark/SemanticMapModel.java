package io.instructorspark.spark;

import io.instructorspark.page.MapPage;
import io.instructorspark.page.Panel;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.IntParam;
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
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import scala.collection.Seq;

/** Places vectors on a map; see {@link SemanticMap}. For the driver. */
public final class SemanticMapModel extends Model<SemanticMapModel> implements MLWritable {
  private static final long serialVersionUID = 1L;

  private static final String AXES = "axes";
  private static final String KEY = "_map_key";
  private static final String TEXT = "text";

  private final String uid;
  private final MapParams params;
  private final Param<String> textCol;
  private final Param<String> idCol;
  private final Param<String> colorCol;
  private final transient MapAxes axes;

  /** For Spark Connect's server, which finds stages as services, and never uses such a one. */
  public SemanticMapModel() {
    this(Identifiable$.MODULE$.randomUID("semanticMap"));
  }

  /** For the reader, which calls it to learn what was saved. */
  public SemanticMapModel(String uid) {
    this(uid, null);
  }

  SemanticMapModel(String uid, MapAxes axes) {
    this.uid = uid;
    this.params = new MapParams(this);
    this.textCol =
        StageParams.name(
            this,
            "textCol",
            "column of texts that a page shows; where it is not set, text if there is one");
    this.idCol = StageParams.name(this, "idCol", "column of ids that a page shows");
    this.colorCol =
        StageParams.name(this, "colorCol", "column that a page's points are coloured by");
    this.axes = axes;
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
  public SemanticMapModel setFeaturesCol(String value) {
    set(params.featuresCol, value);
    return this;
  }

  /** Param: the column that is added: {@code array<float>} of coordinates. */
  public Param<String> outputCol() {
    return params.outputCol;
  }

  /** Returns the column that is added: {@code array<float>} of coordinates. */
  public String getOutputCol() {
    return getOrDefault(params.outputCol);
  }

  /** Sets the column that is added: {@code array<float>} of coordinates. Returns this stage. */
  public SemanticMapModel setOutputCol(String value) {
    set(params.outputCol, value);
    return this;
  }

  /**
   * Param: the column of texts that {@link #html} shows; where it is not set, {@code text} if there
   * is one.
   */
  public Param<String> textCol() {
    return textCol;
  }

  /**
   * Returns the column of texts that {@link #html} shows; where it is not set, {@code text} if
   * there is one.
   */
  public String getTextCol() {
    return getOrDefault(textCol);
  }

  /**
   * Sets the column of texts that {@link #html} shows; where it is not set, {@code text} if there
   * is one. Returns this stage.
   */
  public SemanticMapModel setTextCol(String value) {
    set(textCol, value);
    return this;
  }

  /** Param: the column of ids that {@link #html} shows; not set, it shows none. */
  public Param<String> idCol() {
    return idCol;
  }

  /** Returns the column of ids that {@link #html} shows; not set, it shows none. */
  public String getIdCol() {
    return getOrDefault(idCol);
  }

  /**
   * Sets the column of ids that {@link #html} shows; not set, it shows none. Returns this stage.
   */
  public SemanticMapModel setIdCol(String value) {
    set(idCol, value);
    return this;
  }

  /** Param: the column that {@link #html} colours points by; not set, all have one colour. */
  public Param<String> colorCol() {
    return colorCol;
  }

  /** Returns the column that {@link #html} colours points by; not set, all have one colour. */
  public String getColorCol() {
    return getOrDefault(colorCol);
  }

  /**
   * Sets the column that {@link #html} colours points by; not set, all have one colour. Returns
   * this stage.
   */
  public SemanticMapModel setColorCol(String value) {
    set(colorCol, value);
    return this;
  }

  /** Param: the axes that the map was fitted with. */
  public IntParam k() {
    return params.k;
  }

  /** The number of axes: 2 or 3. */
  public int dimensions() {
    return axes.count();
  }

  /** Each axis' share of the variance of the vectors that the map was fitted to, from 0 to 1. */
  public double[] explainedVariance() {
    return axes.variance().clone();
  }

  /** The axes as vectors of length 1, (axes, dimension), copied. */
  public double[][] components() {
    double[][] components = new double[axes.count()][];
    for (int i = 0; i < components.length; i++) {
      components[i] =
          Arrays.copyOfRange(axes.axes(), i * axes.dimension(), (i + 1) * axes.dimension());
    }
    return components;
  }

  /** The mean of the vectors, (dimension), which lies in the middle of the map; copied. */
  public double[] mean() {
    return axes.mean().clone();
  }

  /** Rows that the map was fitted to: those whose vector was not null, zero, or infinite. */
  public long rows() {
    return axes.rows();
  }

  /** What made the vectors that the map was fitted to; empty where they did not say. */
  public Optional<VectorOrigin> origin() {
    return axes.vectorOrigin();
  }

  /**
   * The same map, turned or mirrored: what lies on it keeps its distances.
   *
   * @param turn an orthogonal matrix, (axes, axes): new coordinates are {@code turn} times the old
   * @throws IllegalArgumentException if it is of another size, or not orthogonal
   */
  public SemanticMapModel turned(double[][] turn) {
    int count = axes.count();
    boolean square =
        turn.length == count && Arrays.stream(turn).allMatch(row -> row.length == count);
    for (int i = 0; square && i < count; i++) {
      for (int j = 0; j < count; j++) {
        double product = 0;
        for (int d = 0; d < count; d++) {
          product += turn[i][d] * turn[j][d];
        }
        square &= Math.abs(product - (i == j ? 1 : 0)) < 1e-6;
      }
    }
    if (!square) {
      throw new IllegalArgumentException(
          "a map of %d axes is turned by an orthogonal matrix of %d rows and columns, and this is none: %s"
              .formatted(count, count, Arrays.deepToString(turn)));
    }
    return copyValues(new SemanticMapModel(uid, axes.turned(turn)), ParamMap.empty())
        .setParent(parent());
  }

  /**
   * The schema of {@link #transform}.
   *
   * @throws IllegalArgumentException if the column of vectors is missing or none, {@code outputCol}
   *     is there already, or another model or mode made the vectors
   */
  @Override
  public StructType transformSchema(StructType schema) {
    VectorColumn.of(schema, getFeaturesCol()).requireComparable(axes.vectorOrigin());
    return withPlaces(schema, getFeaturesCol(), getOutputCol());
  }

  static StructType withPlaces(StructType schema, String featuresCol, String outputCol) {
    VectorColumn.of(schema, featuresCol);
    if (schema.getFieldIndex(outputCol).isDefined()) {
      throw new IllegalArgumentException(
          "there is a column '%s' already; choose another outputCol".formatted(outputCol));
    }
    return schema.add(outputCol, DataTypes.createArrayType(DataTypes.FloatType, false), true);
  }

  /**
   * Adds to each row its coordinates; null where its vector is null, zero, or not finite. Rows that
   * the map was not fitted to are placed by the same axes. Rows keep their order. Lazy; for streams
   * too.
   *
   * @throws IllegalArgumentException as {@link #transformSchema}; a task fails with it if a vector
   *     has another dimension
   */
  @Override
  public Dataset<Row> transform(Dataset<?> rows) {
    transformSchema(rows.schema());
    Column vector = VectorColumn.of(rows.schema(), getFeaturesCol()).floats(rows);
    return rows.toDF().withColumn(getOutputCol(), places(axes, vector));
  }

  private static Column places(MapAxes axes, Column vector) {
    UDF1<Seq<Float>, float[]> place =
        numbers -> {
          float[] values = VectorRow.vector(numbers);
          VectorRow.requireDimension(values, axes.dimension());
          return VectorState.of(values) == VectorState.USABLE ? axes.place(values) : null;
        };
    return functions
        .udf(place, DataTypes.createArrayType(DataTypes.FloatType, false))
        .apply(vector);
  }

  /**
   * A page with rows on this map, as one HTML file that needs nothing else: for {@code
   * displayHTML}, {@code %html}, or a file of one's own. Points can be searched, filtered, pinned,
   * and turned where there are three axes. Of more than {@link io.instructorspark.page.Points#MOST}
   * rows it shows a sample by a hash of the ids, or of the texts, and says so. Rows without
   * coordinates are not shown. Runs jobs: keeps the rows in memory or on disk meanwhile, and
   * compares all vectors that are shown for the nearest neighbours of each.
   *
   * @throws IllegalArgumentException as {@link #transformSchema}, or if a column is missing
   */
  public String html(Dataset<?> rows) {
    Dataset<Row> placed =
        transform(rows.toDF().drop(getOutputCol())) // which may be from this map
            .withColumn(KEY, functions.monotonically_increasing_id())
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      MapPoints.Columns columns =
          new MapPoints.Columns(
              KEY,
              shown(textCol, rows.schema())
                  .or(() -> Optional.of(TEXT).filter(List.of(rows.columns())::contains)),
              shown(idCol, rows.schema()),
              shown(colorCol, rows.schema()),
              Optional.empty());
      MapPoints points = MapPoints.of(placed, columns, List.of(this));
      String instruction = origin().flatMap(VectorOrigin::instruction).orElse("");
      Panel panel = points.panel(0, instruction, List.of(), List.of());
      return new MapPage("Map", points.points(), List.of(panel), Optional.empty()).html();
    } finally {
      placed.unpersist();
    }
  }

  private Optional<String> shown(Param<String> param, StructType schema) {
    Optional<String> name = isSet(param) ? Optional.of(getOrDefault(param)) : Optional.empty();
    name.filter(column -> schema.getFieldIndex(column).isEmpty())
        .ifPresent(
            column -> {
              throw new IllegalArgumentException(
                  "there is no column '%s', which %s names; there are %s"
                      .formatted(column, param.name(), String.join(", ", schema.fieldNames())));
            });
    return name;
  }

  @Override
  public SemanticMapModel copy(ParamMap extra) {
    return copyValues(new SemanticMapModel(uid, axes), extra).setParent(parent());
  }

  /** A writer of the params and the axes. */
  @Override
  public MLWriter write() {
    return new Writer(this);
  }

  private static final class Writer extends DefaultParamsWriter {
    private final SemanticMapModel model;

    Writer(SemanticMapModel model) {
      super(model);
      this.model = model;
    }

    @Override
    public void saveImpl(String path) {
      super.saveImpl(path);
      model.axes.save(sparkSession(), path + "/" + AXES);
    }
  }

  /** A reader of saved models; {@code PipelineModel.load} finds it by name. */
  public static MLReader<SemanticMapModel> read() {
    return new MLReader<>() {
      @Override
      public SemanticMapModel load(String path) {
        SemanticMapModel saved = new DefaultParamsReader<SemanticMapModel>().load(path);
        MapAxes axes = MapAxes.load(sparkSession(), path + "/" + AXES);
        return saved.copyValues(new SemanticMapModel(saved.uid(), axes), ParamMap.empty());
      }
    };
  }

  /** Loads a model saved with {@code write().save(path)}. */
  public static SemanticMapModel load(String path) {
    return read().load(path);
  }
}
