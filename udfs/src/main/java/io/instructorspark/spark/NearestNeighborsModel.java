package io.instructorspark.spark;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
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
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * The rows of a corpus, among which it finds the neighbours of others; see {@link
 * NearestNeighbors}. Saved with its corpus, which is read again, and kept, when the model is
 * loaded. For the driver.
 */
public final class NearestNeighborsModel extends Model<NearestNeighborsModel>
    implements MLWritable {
  private static final long serialVersionUID = 1L;

  private static final String VECTOR = "_neighbors_vector";
  private static final String ID = "id";
  private static final String SIMILARITY = "similarity";
  private static final String GROUP = "group";
  private static final String CORPUS = "corpus";
  private static final String CELLS = "cells";

  /** Tasks for each that can run at once, so that none is waited for long. */
  private static final int TASKS_PER_CORE = 2;

  private final String uid;
  private final NeighborParams params;
  private final transient Corpus corpus;
  private final transient Probing probing;

  /**
   * How the corpus' cells are searched.
   *
   * @param blocks of one cell each, kept until the model is forgotten
   * @param probes cells that are searched for a row
   * @param recall share of a sample's exact neighbours that this finds
   */
  record Probing(JavaRDD<CorpusBlock> blocks, Cells cells, int probes, double recall) {}

  /** For Spark Connect's server, which finds stages as services, and never uses such a one. */
  public NearestNeighborsModel() {
    this(Identifiable$.MODULE$.randomUID("nearestNeighbors"));
  }

  /** For the reader, which calls it to learn what was saved. */
  public NearestNeighborsModel(String uid) {
    this(uid, null, null);
  }

  /**
   * @param probing null where all of the corpus is searched
   */
  NearestNeighborsModel(String uid, Corpus corpus, Probing probing) {
    this.uid = uid;
    this.params = new NeighborParams(this);
    this.corpus = corpus;
    this.probing = probing;
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
  public NearestNeighborsModel setFeaturesCol(String value) {
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
  public NearestNeighborsModel setIdCol(String value) {
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
  public NearestNeighborsModel setOutputCol(String value) {
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
  public NearestNeighborsModel setK(int value) {
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
  public NearestNeighborsModel setSimilarity(String value) {
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
  public NearestNeighborsModel setMinSimilarity(double value) {
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
  public NearestNeighborsModel setExcludeSelf(boolean value) {
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

  /** Param: the number of cells of ivf; 0 for about the square root of the corpus' rows. */
  public IntParam cells() {
    return params.cells;
  }

  /** Returns the number of cells of ivf; 0 for about the square root of the corpus' rows. */
  public int getCells() {
    return (Integer) getOrDefault(params.cells);
  }

  /** Param: the share of the exact neighbours that ivf has to find, by a sample, from 0 to 1. */
  public DoubleParam targetRecall() {
    return params.targetRecall;
  }

  /** Returns the share of the exact neighbours that ivf has to find, by a sample, from 0 to 1. */
  public double getTargetRecall() {
    return (Double) getOrDefault(params.targetRecall);
  }

  /** Param: the seed of the first centres of ivf's cells. */
  public LongParam seed() {
    return params.seed;
  }

  /** Returns the seed of the first centres of ivf's cells. */
  public long getSeed() {
    return (Long) getOrDefault(params.seed);
  }

  /** Rows of the corpus that can be neighbours: those whose vectors have a direction. */
  public long corpusRows() {
    return corpus.summary().rows();
  }

  /** Rows of the corpus that cannot be: vectors that are null, zero, or not finite. */
  public long corpusRowsWithoutDirection() {
    return Arrays.stream(VectorState.values()).mapToLong(corpus.summary()::leftOut).sum();
  }

  /** Of the corpus' vectors; 0 where there are none. */
  public int dimension() {
    return corpus.summary().dimension();
  }

  /**
   * The schema of {@link #transform}.
   *
   * @throws IllegalArgumentException if a column is missing, of another type, or there already
   */
  @Override
  public StructType transformSchema(StructType schema) {
    VectorColumn.of(schema, getFeaturesCol()).requireComparable(corpus.origin());
    if (getExcludeSelf()) {
      Ids.requireColumn(schema, getIdCol());
      DataType type = schema.apply(getIdCol()).dataType();
      if (!type.equals(corpus.idType())) {
        throw new IllegalArgumentException(
            "column '%s' is %s and the corpus' is %s, so no row can be told from itself; cast it, or set excludeSelf to false"
                .formatted(getIdCol(), type.simpleString(), corpus.idType().simpleString()));
      }
    }
    return withNeighbors(schema, getOutputCol(), corpus.idType());
  }

  static StructType withNeighbors(StructType schema, String outputCol, DataType idType) {
    if (schema.getFieldIndex(outputCol).isDefined()) {
      throw new IllegalArgumentException(
          "there is a column '%s' already; choose another outputCol".formatted(outputCol));
    }
    StructType neighbor =
        new StructType().add(ID, idType, false).add(SIMILARITY, DataTypes.FloatType, false);
    return schema.add(outputCol, DataTypes.createArrayType(neighbor, false), true);
  }

  /**
   * Adds to each row its neighbours in the corpus: the most similar first, equal ones by id; null
   * where its vector is null, zero, or not finite; fewer than {@code k} where the corpus has no
   * more that are similar enough. Rows keep their order and partitions, if these are not too many.
   * Lazy; executors keep the rows on disk, as a shuffle's, until the result is no longer
   * referenced.
   *
   * @throws IllegalArgumentException as {@link #transformSchema}
   */
  @Override
  public Dataset<Row> transform(Dataset<?> queries) {
    StructType schema = transformSchema(queries.schema());
    Column vector = VectorColumn.of(queries.schema(), getFeaturesCol()).floats(queries);
    if (corpus.summary().rows() == 0) {
      Column none = array().cast(schema.apply(getOutputCol()).dataType());
      return queries.toDF().withColumn(getOutputCol(), when(vector.isNotNull(), none));
    }
    SearchSpec spec = spec(queries.sparkSession());
    return probing == null
        ? search(queries, vector, spec, corpus.blocks())
        : search(queries, vector, spec.in(probing.cells, probing.probes), probing.blocks);
  }

  private Dataset<Row> search(
      Dataset<?> queries, Column vector, SearchSpec spec, JavaRDD<CorpusBlock> searched) {
    SparkSession session = queries.sparkSession();
    int cores = session.sparkContext().defaultParallelism();
    int idColumn = getExcludeSelf() ? queries.schema().fieldIndex(getIdCol()) : -1;
    JavaRDD<QueryBlock> blocks =
        SettledBlocks.of(
            ConsecutivePartitions.atMost(
                    2 * TASKS_PER_CORE * cores,
                    queries.withColumn(VECTOR, vector).queryExecution().toRdd())
                .mapPartitionsWithIndex(new QueryBlocks(queries.schema(), spec, idColumn), true)
                .mapToPair(block -> new Tuple2<>(block.key(), block)));
    int partitions = blocks.getNumPartitions();
    int corpusPartitions =
        Math.max(1, (TASKS_PER_CORE * cores + partitions - 1) / Math.max(1, partitions));
    JavaPairRDD<Long, FoundNeighbors> found =
        blocks
            .cartesian(parts(searched, corpusPartitions).mapPartitions(CorpusBlocks::combined))
            .mapPartitionsToPair(new SearchBlocks(spec))
            .repartitionAndSortWithinPartitions(new ByQueryPartition(partitions));
    JavaRDD<InternalRow> rows = blocks.zipPartitions(found, new AttachNeighbors(spec));
    return ClassicSpark.ofInternalRows(
        session, rows.rdd(), withNeighbors(queries.schema(), getOutputCol(), corpus.idType()));
  }

  /** The blocks in so many partitions, so that all cores have some; moved only to spread them. */
  private static JavaRDD<CorpusBlock> parts(JavaRDD<CorpusBlock> blocks, int partitions) {
    return blocks.getNumPartitions() < partitions
        ? blocks.repartition(partitions)
        : ConsecutivePartitions.atMost(partitions, blocks.rdd());
  }

  /**
   * The same model with its corpus in cells, as many of which are searched as the target asks for.
   * Runs jobs.
   */
  NearestNeighborsModel inCells() {
    SearchSpec all = spec(corpus.session());
    CellFit fit = new CellFit(corpus, all.centre(), getSeed());
    int wanted = getCells() == 0 ? CellFit.suitable(corpus.summary().rows()) : getCells();
    return inCells(fit.of(wanted), 0);
  }

  /**
   * @param probes 0 for as many as the target asks for
   */
  private NearestNeighborsModel inCells(Cells cells, int probes) {
    SearchSpec all = spec(corpus.session());
    JavaRDD<CorpusBlock> blocks =
        new CellBlocks(cells, all.centre(), all.threads())
            .of(corpus.blocks())
            .persist(StorageLevel.MEMORY_AND_DISK());
    boolean kept = false;
    try {
      Recall recall = Recall.of(this, new CellFit(corpus, all.centre(), getSeed()));
      Probing found =
          probes > 0
              ? new Probing(blocks, cells, probes, recall.of(blocks, cells, probes))
              : recall.reaching(getTargetRecall(), blocks, cells);
      kept = true;
      corpus.forget();
      return copyValues(new NearestNeighborsModel(uid, corpus, found), ParamMap.empty());
    } finally {
      if (!kept) {
        blocks.unpersist();
      }
    }
  }

  /**
   * The neighbours of a few rows of the corpus, which are not their own; in all of it, or in cells.
   */
  Dataset<Row> ofSample(Dataset<Row> sample, String idCol, String vectorCol, Probing in) {
    NearestNeighborsModel model =
        copyValues(new NearestNeighborsModel(uid, corpus, in), ParamMap.empty())
            .setIdCol(idCol)
            .setFeaturesCol(vectorCol)
            .setOutputCol("neighbors")
            .setExcludeSelf(true);
    return model.transform(sample);
  }

  private SearchSpec spec(SparkSession session) {
    boolean centred = getSimilarity().equals(NeighborParams.CENTERED_COSINE);
    return new SearchSpec(
        corpus.summary().dimension(),
        centred ? corpus.summary().mean() : new float[0],
        corpus.idType(),
        getK(),
        getMinSimilarity() == -1 ? Float.NEGATIVE_INFINITY : (float) getMinSimilarity(),
        getExcludeSelf(),
        Integer.parseInt(session.conf().get("spark.task.cpus", "1")),
        null,
        0);
  }

  /**
   * The pairs of rows and neighbours: each row's columns, then {@code neighbor_rank} from 1 on,
   * {@code neighbor_id} and {@code similarity}. Rows without neighbours are left out.
   *
   * @throws IllegalArgumentException as {@link #transformSchema}, or if one of these columns is
   *     there already
   */
  public Dataset<Row> kneighborsJoin(Dataset<?> queries) {
    List<String> added = List.of("neighbor_rank", "neighbor_id", SIMILARITY);
    for (String name : added) {
      if (queries.schema().getFieldIndex(name).isDefined()) {
        throw new IllegalArgumentException(
            "there is a column '%s' already, which the join adds; rename it".formatted(name));
      }
    }
    Dataset<Row> found = transform(queries);
    List<Column> columns = new ArrayList<>();
    for (StructField field : queries.schema().fields()) {
      columns.add(EmbedPlan.column(found, field.name()));
    }
    columns.add(
        functions
            .posexplode(EmbedPlan.column(found, getOutputCol()))
            .as(new String[] {"_neighbor_place", "_neighbor"}));
    Dataset<Row> exploded = found.select(columns.toArray(Column[]::new));
    return exploded
        .withColumn(added.get(0), col("_neighbor_place").plus(1))
        .withColumn(added.get(1), col("_neighbor").getField(ID))
        .withColumn(SIMILARITY, col("_neighbor").getField(SIMILARITY))
        .drop("_neighbor_place", "_neighbor");
  }

  /**
   * Groups of the corpus' rows that are linked by similar vectors: the connected components of the
   * graph in which two rows are linked whose similarity is at least {@code minSimilarity}. All
   * pairs are compared once. Runs jobs; the result is kept in memory or on disk until it is no
   * longer referenced.
   *
   * @return for each row that is linked with another, {@code idCol}, and {@code group}: the least
   *     id of its group
   * @throws IllegalStateException if {@code minSimilarity} is not set: all rows would be one group
   */
  public Dataset<Row> similarityGroups() {
    if (getMinSimilarity() == -1) {
      throw new IllegalStateException(
          "groups need a minSimilarity, from which on two rows belong together; set one, such as 0.95");
    }
    StructType schema =
        new StructType()
            .add(Components.ONE, corpus.idType())
            .add(Components.OTHER, corpus.idType());
    SearchSpec spec = spec(corpus.session());
    JavaRDD<InternalRow> edges =
        corpus.summary().rows() == 0
            ? JavaSparkContext.fromSparkContext(corpus.session().sparkContext()).emptyRDD()
            : edges(spec);
    Dataset<Row> linked =
        Components.of(ClassicSpark.ofInternalRows(corpus.session(), edges.rdd(), schema));
    Dataset<Row> members =
        linked.select(col(Components.ONE).as(getIdCol()), col(Components.OTHER).as(GROUP));
    Dataset<Row> leasts =
        linked
            .select(col(Components.OTHER).as(GROUP))
            .distinct()
            .select(col(GROUP).as(getIdCol()), col(GROUP));
    return members.union(leasts);
  }

  private JavaRDD<InternalRow> edges(SearchSpec spec) {
    int cores = corpus.session().sparkContext().defaultParallelism();
    JavaRDD<Tuple2<CorpusBlock, Long>> numbered =
        SettledBlocks.of(
            parts(corpus.blocks(), TASKS_PER_CORE * cores)
                .mapPartitionsWithIndex(new NumberedBlocks(), true)
                .mapToPair(block -> new Tuple2<>(block._2(), block)));
    return numbered
        .cartesian(numbered)
        .mapPartitions(
            new GroupEdges(
                (float) getMinSimilarity(), spec.centre(), spec.dimension(), spec.threads()));
  }

  /** Lets executors forget the corpus' vectors; the model reads them again if it is used again. */
  public void forget() {
    corpus.forget();
    if (probing != null) {
      probing.blocks.unpersist();
    }
  }

  /** Whether all of the corpus is searched: {@code exact}, or {@code ivf}. */
  public String algorithmUsed() {
    return probing == null ? NeighborParams.EXACT : NeighborParams.IVF;
  }

  /** Share of the exact neighbours of a sample of the corpus that are found; 1 where all are. */
  public double recall() {
    return probing == null ? 1 : probing.recall;
  }

  /** Cells that are searched for a row, of {@link #cellCount}; 0 where all of the corpus is. */
  public int probes() {
    return probing == null ? 0 : probing.probes;
  }

  /** Cells that the corpus is kept in; 0 where it is not. */
  public int cellCount() {
    return probing == null ? 0 : probing.cells.count();
  }

  @Override
  public NearestNeighborsModel copy(ParamMap extra) {
    return copyValues(new NearestNeighborsModel(uid, corpus, probing), extra).setParent(parent());
  }

  /** A writer of the params, and of the corpus as Parquet. */
  @Override
  public MLWriter write() {
    return new Writer(this);
  }

  private static final class Writer extends DefaultParamsWriter {
    private final NearestNeighborsModel model;

    Writer(NearestNeighborsModel model) {
      super(model);
      this.model = model;
    }

    @Override
    public void saveImpl(String path) {
      super.saveImpl(path);
      model
          .corpus
          .rows(model.getIdCol(), model.getFeaturesCol())
          .write()
          .parquet(path + "/" + CORPUS);
      if (model.probing != null) {
        new SavedCells(model.probing.cells, model.probing.probes)
            .write(model.corpus.session(), path + "/" + CELLS);
      }
    }
  }

  /** A reader of saved models; {@code PipelineModel.load} finds it by name. */
  public static MLReader<NearestNeighborsModel> read() {
    return new MLReader<>() {
      @Override
      public NearestNeighborsModel load(String path) {
        NearestNeighborsModel saved = new DefaultParamsReader<NearestNeighborsModel>().load(path);
        Dataset<Row> rows = sparkSession().read().parquet(path + "/" + CORPUS);
        Corpus corpus =
            Corpus.of(
                rows, VectorColumn.of(rows.schema(), saved.getFeaturesCol()), saved.getIdCol());
        NearestNeighborsModel exact =
            saved.copyValues(
                new NearestNeighborsModel(saved.uid(), corpus, null), ParamMap.empty());
        Optional<SavedCells> cells = SavedCells.read(sparkSession(), path + "/" + CELLS);
        return cells.isPresent() ? exact.inCells(cells.get().cells(), cells.get().probes()) : exact;
      }
    };
  }

  /** Loads a model saved with {@code write().save(path)}. */
  public static NearestNeighborsModel load(String path) {
    return read().load(path);
  }
}
