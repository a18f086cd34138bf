package io.instructorspark.job.cluster;

import static io.instructorspark.job.vectors.VectorRows.quoted;
import static org.apache.spark.sql.functions.col;

import io.instructorspark.job.kmeans.Assignment;
import io.instructorspark.job.kmeans.ClusterFit;
import io.instructorspark.job.kmeans.ClusterRange;
import io.instructorspark.job.kmeans.RepeatableRows;
import io.instructorspark.job.metrics.Phases;
import io.instructorspark.job.rows.InputRows;
import io.instructorspark.job.rows.OutputFolder;
import io.instructorspark.job.rows.RowSource;
import io.instructorspark.job.vectors.SavedPipeline;
import io.instructorspark.job.vectors.VectorCounts;
import io.instructorspark.job.vectors.VectorRows;
import io.instructorspark.job.vectors.VectorSource;
import io.instructorspark.spark.IfExists;
import io.instructorspark.spark.InstructorEmbedder;
import io.instructorspark.spark.OutputFormat;
import io.instructorspark.spark.TopicTerms;
import io.instructorspark.spark.VectorOrigin;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Reads rows, embeds them where need be, fits clusters or loads them, and writes which row is in
 * which. The driver gets centres, counts and a description of a few rows for each cluster.
 */
final class ClusterJob {
  private static final String READ = "read_and_embed";
  private static final String FIT = "fit";
  private static final String DESCRIBE = "describe";
  private static final String WRITE = "write";

  private final Arguments arguments;
  private final SparkSession session;
  private final Phases phases = new Phases();

  /**
   * What to do.
   *
   * @param fit how clusters are found; empty where saved ones are used
   * @param loadModel where saved ones are
   * @param examples rows of a kind that describe a cluster
   */
  record Arguments(
      RowSource input,
      VectorSource vectors,
      InstructorEmbedder stage,
      Optional<String> idColumn,
      Optional<ClusterFit> fit,
      Optional<String> loadModel,
      TopicTerms terms,
      int examples,
      Output output) {}

  /** Where everything goes. */
  record Output(
      String folder,
      OutputFormat format,
      IfExists ifExists,
      Optional<String> summary,
      Optional<String> saveModel) {}

  /** Clusters, and how they were found. */
  private record Found(KMeansModel model, Optional<ClusterFit.Fitted> fitted) {}

  ClusterJob(Arguments arguments, SparkSession session) {
    this.arguments = arguments;
    this.session = session;
  }

  ClusterReport run() {
    Output output = arguments.output();
    OutputFolder folder = OutputFolder.open(session, output.folder(), output.ifExists());
    Optional<OutputFolder> table =
        output.summary().map(place -> OutputFolder.open(session, place, output.ifExists()));
    output
        .saveModel()
        .ifPresent(place -> SavedPipeline.requirePlace(session, place, output.ifExists()));
    Optional<SavedClusters> saved =
        arguments.loadModel().map(place -> SavedClusters.load(session, place));
    try (InputRows input = InputRows.read(session, arguments.input())) {
      input.requireApartFrom(output.folder());
      output.summary().ifPresent(input::requireApartFrom);
      input.requireFree(List.of(Assignment.CLUSTER, Assignment.DISTANCE));
      input.requireRows();
      VectorRows rows =
          VectorRows.of(input, arguments.vectors(), stage(saved)).asMlVectors().kept();
      try {
        ClusterReport report = run(input, rows, saved, folder);
        table.ifPresent(place -> place.write(report.table(session), OutputFormat.PARQUET));
        return report;
      } finally {
        rows.data().unpersist();
      }
    }
  }

  /** The stage that embeds texts: the saved one, or the one of the arguments. */
  private InstructorEmbedder stage(Optional<SavedClusters> saved) {
    if (saved.isEmpty() || arguments.vectors().embeddingColumn().isPresent()) {
      return arguments.stage();
    }
    return saved.get().stage(arguments.stage());
  }

  private ClusterReport run(
      InputRows input, VectorRows rows, Optional<SavedClusters> saved, OutputFolder folder) {
    Optional<VectorOrigin> origin =
        VectorOrigin.of(rows.data().schema().apply(rows.vectorColumn()));
    saved.ifPresent(model -> model.requireComparable(origin));
    Output output = arguments.output();
    Optional<InstructorEmbedder> embedder =
        output
            .saveModel()
            .flatMap(place -> SavedPipeline.embedder(origin, arguments.vectors().textColumn()));
    VectorCounts counts = phases.time(READ, () -> input.reading(() -> VectorCounts.of(rows)));
    Optional<String> id = arguments.idColumn().map(input::column);
    Found found = phases.time(FIT, () -> found(rows, id, counts, saved));
    Dataset<Row> assigned = assigned(rows, found.model());
    Description description =
        phases.time(
            DESCRIBE,
            () -> describing(input, id).of(assigned, groups -> silhouette(groups, found, rows)));
    ClusterReport report =
        new ClusterReport(arguments, counts, found.fitted(), description, origin, phases);
    phases.time(
        WRITE,
        () -> {
          Dataset<Row> written = rows.output(assigned, Assignment.CLUSTER, Assignment.DISTANCE);
          input.reading(
              () -> {
                folder.write(written, output.format());
                return null;
              });
          folder.writeBeside(ClusterReport.SUMMARY, report.summary());
          output
              .saveModel()
              .ifPresent(place -> new SavedClusters(embedder, found.model()).save(session, place));
          return null;
        });
    return report;
  }

  private Found found(
      VectorRows rows, Optional<String> id, VectorCounts counts, Optional<SavedClusters> saved) {
    if (saved.isPresent()) {
      requireDimension(counts, saved.get().model().clusterCenters());
      return new Found(saved.get().model(), Optional.empty());
    }
    ClusterFit fit = arguments.fit().orElseThrow();
    requireEnough(rows, counts, fit.range());
    Dataset<Row> vectors =
        RepeatableRows.vectors(rows, id, counts.vectors(), ClusterFit.UNIT)
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      ClusterFit.Fitted fitted = fit.fit(vectors);
      return new Found(fitted.chosen().model(), Optional.of(fitted));
    } finally {
      vectors.unpersist();
    }
  }

  private static void requireDimension(VectorCounts counts, Vector[] centres) {
    if (counts.vectors() > 0 && counts.dimension() != centres[0].size()) {
      throw new IllegalArgumentException(
          "the vectors have %d numbers, and those that the saved clusters were made of %d; embed the rows with the model that the clusters were made with"
              .formatted(counts.dimension(), centres[0].size()));
    }
  }

  private static void requireEnough(VectorRows rows, VectorCounts counts, ClusterRange range) {
    if (counts.vectors() >= range.to()) {
      return;
    }
    String example =
        rows
            .data()
            .where(col(VectorRows.ERROR).isNotNull())
            .select(VectorRows.ERROR)
            .limit(1)
            .collectAsList()
            .stream()
            .map(row -> "; the others have a null or an error, as '%s'".formatted(row.getString(0)))
            .findFirst()
            .orElse("");
    throw new IllegalArgumentException(
        "only %d of the %d rows have a vector with a direction, too few for %d clusters%s. Ask for fewer clusters (--k), or give more rows"
            .formatted(counts.vectors(), counts.rows(), range.to(), example));
  }

  private static Dataset<Row> assigned(VectorRows rows, KMeansModel model) {
    Column vector = rows.data().col(quoted(rows.vectorColumn()));
    Dataset<Row> assigned =
        rows.data().withColumn(Assignment.ASSIGNED, Assignment.of(model.clusterCenters(), vector));
    return assigned.select(
        col("*"),
        col(Assignment.ASSIGNED).getField(Assignment.CLUSTER).as(Assignment.CLUSTER),
        col(Assignment.ASSIGNED).getField(Assignment.DISTANCE).as(Assignment.DISTANCE));
  }

  private Describing describing(InputRows input, Optional<String> id) {
    Optional<String> text = input.find(arguments.vectors().textColumn());
    return new Describing(id, text, arguments.terms(), arguments.examples());
  }

  /** That of the fit, or, for rows that a saved model was not fitted to, that of the rows. */
  private static OptionalDouble silhouette(int groups, Found found, VectorRows rows) {
    if (found.fitted().isPresent()) {
      return found.fitted().get().chosen().silhouette();
    }
    Column vector = rows.data().col(quoted(rows.vectorColumn()));
    return ClusterFit.silhouette(
        found.model(),
        rows.data().where(vector.isNotNull()).select(vector.as(ClusterFit.UNIT)),
        groups);
  }
}
