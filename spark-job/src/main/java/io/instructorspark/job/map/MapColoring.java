package io.instructorspark.job.map;

import static io.instructorspark.job.vectors.VectorRows.quoted;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;

import io.instructorspark.job.kmeans.Assignment;
import io.instructorspark.job.kmeans.ClusterFit;
import io.instructorspark.job.kmeans.RepeatableRows;
import io.instructorspark.job.rows.InputRows;
import io.instructorspark.job.separation.Separation;
import io.instructorspark.job.separation.SeparationException;
import io.instructorspark.job.vectors.VectorCounts;
import io.instructorspark.job.vectors.VectorRows;
import io.instructorspark.page.Figure;
import io.instructorspark.page.Label;
import io.instructorspark.page.Points;
import io.instructorspark.spark.MapPoints;
import io.instructorspark.spark.SemanticMapModel;
import io.instructorspark.spark.TopicTerms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * What the points of the maps are coloured by: a column, clusters, or nothing.
 *
 * @param color column of the input; empty for none
 * @param clusters found in the vectors of the first map; empty where none were asked for
 */
record MapColoring(Optional<String> color, Optional<Found> clusters) {
  static final String CLUSTER = "_input_map_cluster";

  private static final int STARTS = 5;
  private static final int MAX_ITERATIONS = 100;
  private static final int MOST_CLUSTERS = 24;
  private static final int TERMS = 3;

  /**
   * Clusters.
   *
   * @param centres by the number of a cluster
   * @param names by the number of a cluster
   * @param silhouette of the clusters, by cosine; NaN where there is one cluster
   */
  record Found(Vector[] centres, Map<Integer, String> names, double silhouette) {}

  /** What a map's vectors say of the colour column; empty, or why not. */
  record Told(Optional<Separation> separation, Optional<String> why) {
    private static final Told NOTHING = new Told(Optional.empty(), Optional.empty());

    List<Figure> figures() {
      List<Figure> figures = new ArrayList<>();
      separation.ifPresent(
          found -> {
            figures.add(
                new Figure(
                    "10-NN agreement",
                    shown(found.agreement()),
                    "share of a text's ten nearest texts, by their vectors, that have its value of the colour column; by chance %s"
                        .formatted(shown(found.agreementByChance()))));
            found
                .silhouette()
                .ifPresent(
                    value ->
                        figures.add(
                            new Figure(
                                "silhouette",
                                shown(value),
                                "how much nearer texts lie to those of their own value than to those of the next, from -1 to 1")));
          });
      return figures;
    }

    private static String shown(double value) {
      return String.format(Locale.ROOT, "%.3f", value);
    }
  }

  /** Finds clusters where they are asked for; runs jobs then. */
  static MapColoring of(
      MapJob.Arguments arguments, MapJob.Columns columns, VectorRows first, InputRows input) {
    Optional<Found> found =
        arguments
            .clusters()
            .map(
                wanted ->
                    found(
                        wanted,
                        first.asMlVectors(),
                        columns.id(),
                        input.find(arguments.vectors().textColumn())));
    return new MapColoring(columns.color(), found);
  }

  private static Found found(
      MapJob.Clusters wanted, VectorRows rows, Optional<String> id, Optional<String> text) {
    if (wanted.range().to() > MOST_CLUSTERS) {
      throw new IllegalArgumentException(
          "--clusters %s are more than %d, which is as many colours as people tell apart; ask for fewer"
              .formatted(wanted.range(), MOST_CLUSTERS));
    }
    VectorCounts counts = VectorCounts.of(rows);
    if (counts.vectors() < wanted.range().to()) {
      throw new IllegalArgumentException(
          "only %d of the %d rows have a vector with a direction, too few for %d clusters; ask for fewer (--clusters), or give more rows"
              .formatted(counts.vectors(), counts.rows(), wanted.range().to()));
    }
    Dataset<Row> vectors =
        RepeatableRows.vectors(rows, id, counts.vectors(), ClusterFit.UNIT)
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      ClusterFit.Candidate chosen =
          new ClusterFit(wanted.range(), wanted.seed(), STARTS, MAX_ITERATIONS)
              .fit(vectors)
              .chosen();
      Vector[] centres = chosen.model().clusterCenters();
      return new Found(centres, names(rows, centres, text), chosen.silhouette().orElse(Double.NaN));
    } finally {
      vectors.unpersist();
    }
  }

  private static Map<Integer, String> names(
      VectorRows rows, Vector[] centres, Optional<String> text) {
    Map<Integer, String> names = new HashMap<>();
    IntStream.range(0, centres.length).forEach(i -> names.put(i, "cluster " + (i + 1)));
    text.ifPresent(
        column -> {
          Dataset<Row> assigned =
              rows.data()
                  .select(
                      rows.data().col(quoted(column)).cast("string").as("text"),
                      cluster(centres, rows.data().col(quoted(rows.vectorColumn()))).as("cluster"))
                  .where(col("cluster").isNotNull());
          for (Row row : new TopicTerms().setNumTerms(TERMS).transform(assigned).collectAsList()) {
            String terms =
                row.<Row>getList(1).stream()
                    .map(term -> term.getString(0))
                    .collect(Collectors.joining(", "));
            if (!terms.isEmpty()) {
              names.put(row.getInt(0), "%d: %s".formatted(row.getInt(0) + 1, terms));
            }
          }
        });
    return names;
  }

  private static Column cluster(Vector[] centres, Column vector) {
    return Assignment.of(centres, vector).getField(Assignment.CLUSTER);
  }

  /**
   * Rows with the column that points are coloured by.
   *
   * @param vectors the column that clusters were found in
   */
  Dataset<Row> colored(Dataset<Row> placed, String vectors) {
    if (clusters.isEmpty()) {
      return placed;
    }
    return placed.withColumn(
        CLUSTER, cluster(clusters.get().centres(), VectorRows.mlVector(placed, vectors)));
  }

  /** The column of {@link #colored} that points are coloured by. */
  Optional<String> column() {
    return clusters.isPresent() ? Optional.of(CLUSTER) : color;
  }

  /** The points, with clusters by their names. */
  Points points(MapPoints points) {
    if (clusters.isEmpty()) {
      return points.points();
    }
    return points.points(
        points.points().categories(),
        points.points().categoryNames().stream()
            .map(number -> clusters.get().names().get(Integer.parseInt(number)))
            .toList());
  }

  /** The names of clusters at the means of their rows' places on a map. */
  List<Label> labels(Dataset<Row> colored, MapPoints points, SemanticMapModel map) {
    if (clusters.isEmpty()) {
      return List.of();
    }
    List<Label> labels = new ArrayList<>();
    Column place = col(quoted(map.getOutputCol()));
    List<String> numbers = points.points().categoryNames();
    for (Row row :
        colored
            .where(col(CLUSTER).isNotNull())
            .groupBy(CLUSTER)
            .agg(
                avg(place.getItem(0)),
                avg(place.getItem(1)),
                avg(map.dimensions() == 3 ? place.getItem(2) : place.getItem(0).multiply(0)))
            .orderBy(CLUSTER)
            .collectAsList()) {
      labels.add(
          new Label(
              clusters.get().names().get(row.getInt(0)),
              numbers.indexOf(Integer.toString(row.getInt(0))),
              row.getDouble(1),
              row.getDouble(2),
              row.getDouble(3)));
    }
    return labels;
  }

  /** How well vectors tell the colour column's values apart; runs jobs. */
  Told told(VectorRows rows) {
    if (color.isEmpty()) {
      return Told.NOTHING;
    }
    try {
      return new Told(Optional.of(Separation.of(rows, color.get())), Optional.empty());
    } catch (
        SeparationException e) { // a column of ids, or one value: the map is drawn all the same
      return new Told(Optional.empty(), Optional.of(e.getMessage()));
    }
  }
}
