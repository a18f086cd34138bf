package io.instructorspark.job.compare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;

import io.instructorspark.job.separation.LabelledRows;
import io.instructorspark.job.separation.Labels;
import io.instructorspark.page.Figure;
import io.instructorspark.page.MapPage;
import io.instructorspark.page.Panel;
import io.instructorspark.page.Points;
import io.instructorspark.spark.MapPoints;
import io.instructorspark.spark.SemanticMap;
import io.instructorspark.spark.SemanticMapModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.LoggerFactory;

/** The rows that were scored, laid out under the best candidates and the baseline. */
final class CompareMaps {
  /** Where a row lies under a candidate: {@code array<float>}, in the rows that are scored. */
  static final String PLACE = "_compare_map_place";

  private static final int MOST = 4;
  private static final int AXES = 2;
  private static final String KEY = "_compare_map_key";
  private static final String COLOR = "_compare_map_color";
  private static final Column[] ROW = {
    col(LabelledRows.KEY), col(LabelledRows.LABEL), col(LabelledRows.PLACE)
  };

  private CompareMaps() {}

  /** A candidate's map, and the rows with their places on it, kept. */
  record Drawn(SemanticMapModel map, Dataset<Row> rows) {}

  /** Fits the map of one candidate's vectors; empty where they are too few or too short for one. */
  static Optional<SemanticMapModel> fitted(Dataset<Row> rows, String vector) {
    try {
      return Optional.of(
          new SemanticMap().setK(AXES).setFeaturesCol(vector).setOutputCol(PLACE).fit(rows));
    } catch (IllegalArgumentException e) { // its words; the scores are what was asked for
      LoggerFactory.getLogger(CompareMaps.class).info("no map is drawn: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Maps side by side, turned to the first; runs jobs.
   *
   * @param rows with texts where texts are embedded
   * @param drawn of each candidate
   * @param label column of the input
   */
  static MapPage of(
      LabelledRows rows, Comparison comparison, Map<Candidate, Drawn> drawn, String label) {
    List<Score> shown = shown(comparison);
    boolean texts = Arrays.asList(rows.data().columns()).contains(CandidateVectors.TEXT);
    Dataset<Row> all =
        rows.data()
            .select(
                ROW[0],
                ROW[1],
                ROW[2],
                (texts ? col(CandidateVectors.TEXT) : lit(null).cast("string"))
                    .as(CandidateVectors.TEXT),
                col(LabelledRows.LABEL).cast("string").as(COLOR));
    List<SemanticMapModel> maps = new ArrayList<>();
    for (Score score : shown) {
      Drawn one = drawn.get(score.candidate());
      String place = PLACE + "_" + maps.size();
      all =
          all.join(
              one.rows().select(ROW[0], ROW[1], ROW[2], col(PLACE).as(place)),
              new String[] {LabelledRows.KEY, LabelledRows.LABEL, LabelledRows.PLACE});
      maps.add(one.map().copy(ParamMap.empty()).setOutputCol(place));
    }
    Dataset<Row> numbered =
        all.orderBy(ROW)
            .withColumn(KEY, monotonically_increasing_id())
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      MapPoints points =
          MapPoints.of(
              numbered,
              new MapPoints.Columns(
                  KEY,
                  Optional.of(CandidateVectors.TEXT),
                  Optional.empty(),
                  Optional.of(COLOR),
                  Optional.empty()),
              maps);
      List<Panel> panels =
          IntStream.range(0, shown.size())
              .mapToObj(
                  i ->
                      points.panel(
                          i, shown.get(i).candidate().title(), figures(shown.get(i)), List.of()))
              .toList();
      return new MapPage(
          "Maps", named(points.points(), rows.labels(), label), panels, Optional.empty());
    } finally {
      numbered.unpersist();
    }
  }

  /** The best ones, the baseline among them in any case. */
  private static List<Score> shown(Comparison comparison) {
    List<Score> best =
        new ArrayList<>(comparison.scores().subList(0, Math.min(MOST, comparison.scores().size())));
    if (best.stream().noneMatch(score -> score.candidate().equals(comparison.baseline()))) {
      best.remove(best.size() - 1);
      comparison.scores().stream()
          .filter(score -> score.candidate().equals(comparison.baseline()))
          .forEach(best::add);
    }
    return best;
  }

  /** The points coloured by the labels' names in place of their numbers. */
  private static Points named(Points points, Labels labels, String column) {
    return new Points(
        points.texts(),
        points.ids(),
        points.categories(),
        points.categoryNames().stream()
            .map(
                number ->
                    number.matches("\\d+") ? labels.names().get(Integer.parseInt(number)) : number)
            .toList(),
        Optional.of(column),
        points.total());
  }

  private static List<Figure> figures(Score score) {
    List<Figure> figures = new ArrayList<>();
    figures.add(
        new Figure(
            "Agreement",
            String.format(Locale.ROOT, "%.3f", score.agreement().value()),
            "share of a row's ten nearest rows, by their vectors, that have its label"));
    score
        .silhouette()
        .ifPresent(
            value ->
                figures.add(
                    new Figure(
                        "Silhouette",
                        String.format(Locale.ROOT, "%.3f", value),
                        "how much nearer rows lie to their own label than to the next, from -1 to 1")));
    return figures;
  }
}
