package io.instructorspark.job.neighbors;

import static io.instructorspark.job.vectors.VectorRows.quoted;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.instructorspark.job.metrics.Phases;
import io.instructorspark.job.rows.InputRows;
import io.instructorspark.job.rows.OutputFolder;
import io.instructorspark.job.rows.RowSource;
import io.instructorspark.job.vectors.VectorRows;
import io.instructorspark.job.vectors.VectorSource;
import io.instructorspark.spark.IfExists;
import io.instructorspark.spark.InstructorEmbedder;
import io.instructorspark.spark.NearestNeighbors;
import io.instructorspark.spark.NearestNeighborsModel;
import io.instructorspark.spark.OutputFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Reads a corpus and queries, embeds them where need be, joins them, writes what was found. */
final class NeighborsJob {
  /** The column that names a row where the user names none: its number from 0 on. */
  private static final String ROW = "row";

  private static final String NEIGHBORS = "neighbors";
  private static final String GROUP = "group";
  private static final String READ = "read_corpus";
  private static final String SEARCH = "search_and_write";

  private final Arguments arguments;
  private final SparkSession session;
  private final Phases phases = new Phases();

  /**
   * What to do.
   *
   * @param queries empty for the corpus itself, or one {@code query}
   * @param output empty where one query's answer is printed
   */
  record Arguments(
      RowSource corpus,
      Optional<RowSource> queries,
      Optional<String> query,
      VectorSource vectors,
      InstructorEmbedder stage,
      InstructorEmbedder queryStage,
      Optional<String> idColumn,
      Search search,
      Optional<Output> output) {
    boolean ofItself() {
      return queries.isEmpty() && query.isEmpty();
    }
  }

  /** What counts as a neighbour. */
  record Search(
      int k,
      Optional<Double> minSimilarity,
      boolean centred,
      boolean approximate,
      boolean groups) {}

  /** Where what was found goes. */
  record Output(String folder, OutputFormat format, IfExists ifExists) {}

  NeighborsJob(Arguments arguments, SparkSession session) {
    this.arguments = arguments;
    this.session = session;
  }

  NeighborsReport run() {
    Optional<OutputFolder> folder =
        arguments
            .output()
            .map(output -> OutputFolder.open(session, output.folder(), output.ifExists()));
    try (InputRows corpus = read(arguments.corpus())) {
      String id = arguments.idColumn().map(corpus::column).orElse(ROW);
      if (arguments.idColumn().isEmpty()) {
        corpus.requireFree(List.of(ROW));
      }
      VectorRows plain = VectorRows.of(corpus, arguments.vectors(), arguments.stage());
      boolean unnamed = arguments.idColumn().isEmpty();
      VectorRows embedded = unnamed || arguments.ofItself() ? plain.kept() : plain;
      VectorRows rows = unnamed ? corpus.reading(() -> embedded.numbered(ROW)) : embedded;
      NearestNeighborsModel model =
          phases.time(READ, () -> corpus.reading(() -> stage(rows, id).fit(rows.data())));
      if (arguments.query().isPresent()) {
        return phases.time(SEARCH, () -> answer(model, corpus, rows, id));
      }
      if (arguments.search().groups()) {
        return phases.time(SEARCH, () -> group(model, corpus, rows, id, folder.orElseThrow()));
      }
      if (arguments.ofItself()) {
        return phases.time(SEARCH, () -> write(model, corpus, rows, folder.orElseThrow()));
      }
      try (InputRows queries = read(arguments.queries().orElseThrow())) {
        VectorRows asked = VectorRows.of(queries, arguments.vectors(), arguments.queryStage());
        return phases.time(SEARCH, () -> write(model, queries, asked, folder.orElseThrow()));
      }
    }
  }

  private InputRows read(RowSource source) {
    InputRows rows = InputRows.read(session, source);
    arguments.output().ifPresent(output -> rows.requireApartFrom(output.folder()));
    rows.requireFree(List.of(arguments.search().groups() ? GROUP : NEIGHBORS));
    rows.requireRows();
    return rows;
  }

  private NearestNeighbors stage(VectorRows rows, String id) {
    NearestNeighbors stage =
        new NearestNeighbors()
            .setFeaturesCol(rows.vectorColumn())
            .setIdCol(id)
            .setOutputCol(NEIGHBORS)
            .setK(arguments.search().k())
            .setExcludeSelf(arguments.ofItself())
            .setAlgorithm(arguments.search().approximate() ? "ivf" : "exact");
    arguments.search().minSimilarity().ifPresent(stage::setMinSimilarity);
    return arguments.search().centred() ? stage.setSimilarity("centered_cosine") : stage;
  }

  private NeighborsReport write(
      NearestNeighborsModel model, InputRows input, VectorRows rows, OutputFolder folder) {
    Dataset<Row> found = model.setFeaturesCol(rows.vectorColumn()).transform(rows.data());
    Column some = found.col(NEIGHBORS);
    Map<String, Object> counts =
        input.reading(
            () ->
                folder.writeCounting(
                    rows.output(found, NEIGHBORS),
                    arguments.output().orElseThrow().format(),
                    count(when(some.isNotNull(), 1)).as("searched"),
                    count(col(VectorRows.ERROR)).as("errors"),
                    sum(when(some.isNotNull(), size(some))).as(NEIGHBORS)));
    return NeighborsReport.written(arguments, model, counts, phases);
  }

  /** Each row with its group, which is its own id where nothing is similar enough. */
  private NeighborsReport group(
      NearestNeighborsModel model,
      InputRows input,
      VectorRows rows,
      String id,
      OutputFolder folder) {
    Dataset<Row> groups = input.reading(model::similarityGroups).withColumnRenamed(id, "_group_id");
    Dataset<Row> grouped =
        rows.data()
            .join(groups, rows.data().col(quoted(id)).equalTo(groups.col("_group_id")), "left");
    Dataset<Row> named =
        grouped.withColumn(GROUP, coalesce(groups.col(GROUP), rows.data().col(quoted(id))));
    Map<String, Object> counts =
        input.reading(
            () ->
                folder.writeCounting(
                    rows.output(named, GROUP),
                    arguments.output().orElseThrow().format(),
                    count(when(col(GROUP).equalTo(col(quoted(id))), 1)).as("groups"),
                    count(col(VectorRows.ERROR)).as("errors")));
    return NeighborsReport.grouped(arguments, model, counts, phases);
  }

  /** The best rows for one text, as a table. */
  private NeighborsReport answer(
      NearestNeighborsModel model, InputRows input, VectorRows corpus, String id) {
    Dataset<Row> query =
        session
            .createDataset(List.of(arguments.query().orElseThrow()), Encoders.STRING())
            .toDF("text");
    InstructorEmbedder embedder = arguments.queryStage();
    embedder.setInputCol("text").setOutputCol("vector").setHandleInvalid("error");
    Dataset<Row> best =
        model.setFeaturesCol("vector").kneighborsJoin(embedder.transform(query)).drop("vector");
    Column text =
        input
            .find(arguments.vectors().textColumn())
            .map(name -> corpus.data().col(quoted(name)))
            .orElseGet(() -> lit(null));
    Dataset<Row> texts =
        corpus
            .data()
            .select(col(quoted(id)).as("corpus_id"), text.cast("string").as("corpus_text"));
    List<Row> table =
        best.join(texts, best.col("neighbor_id").equalTo(texts.col("corpus_id")))
            .select(col("similarity"), col("neighbor_id").cast("string"), col("corpus_text"))
            .orderBy(col("neighbor_rank"))
            .collectAsList();
    return NeighborsReport.answered(arguments, model, id, table, phases);
  }
}
