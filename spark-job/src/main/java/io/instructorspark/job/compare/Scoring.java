package io.instructorspark.job.compare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;

import io.instructorspark.job.metrics.Phases;
import io.instructorspark.job.separation.Agreement;
import io.instructorspark.job.separation.LabelledRows;
import io.instructorspark.job.separation.Silhouette;
import io.instructorspark.job.vectors.VectorRows;
import io.instructorspark.page.MapPage;
import io.instructorspark.spark.SemanticMapModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/** Scores candidates one after the other, so that executors keep the vectors of one at a time. */
final class Scoring {
  private static final String CANDIDATE = "_compare_candidate";
  private static final String ALL = "_compare_all";

  private final CandidateVectors vectors;
  private final CrossValidation validation;
  private final Bootstrap bootstrap;
  private final ScoringLine line;
  private final Phases phases;

  Scoring(CandidateVectors vectors, CompareJob.Settings settings, ScoringLine line, Phases phases) {
    this.vectors = vectors;
    this.validation = settings.validation();
    this.bootstrap = settings.bootstrap();
    this.line = line;
    this.phases = phases;
  }

  /**
   * What was found for one candidate.
   *
   * @param rows key, place, label, agreement, whether the prediction is right, and the place on the
   *     map where there is one; kept
   */
  private record Outcomes(
      Dataset<Row> rows, OptionalDouble silhouette, Optional<SemanticMapModel> map) {}

  /** Candidates' scores, and their maps where these were asked for. */
  record Scored(Comparison comparison, Optional<MapPage> maps) {}

  /**
   * Scores all candidates on the same rows.
   *
   * @param mapped the column of labels, for maps; empty where none are wanted
   * @throws CompareException if there is none that has a vector under every candidate
   */
  Scored of(LabelledRows rows, Candidates candidates, Optional<String> mapped) {
    List<Outcomes> outcomes = new ArrayList<>();
    try {
      for (Candidate candidate : candidates.all()) {
        line.at(outcomes.size() + 1, candidates.all().size());
        outcomes.add(outcomes(rows, candidate, mapped.isPresent()));
      }
      Resamples sums = phases.time("bootstrap", () -> resampled(outcomes));
      if (sums.rows() == 0) {
        throw new CompareException(
            "no row has a vector under every candidate, so nothing can be compared");
      }
      List<OptionalDouble> silhouettes = outcomes.stream().map(Outcomes::silhouette).toList();
      Comparison comparison =
          new Scores(candidates, sums, silhouettes, validation.folds() > 0)
              .comparison(rows.labels());
      Optional<MapPage> maps =
          mapped
              .filter(label -> outcomes.stream().allMatch(one -> one.map().isPresent()))
              .map(
                  label ->
                      phases.time(
                          "maps",
                          () ->
                              CompareMaps.of(
                                  rows, comparison, drawn(candidates.all(), outcomes), label)));
      return new Scored(comparison, maps);
    } finally {
      line.clear();
      outcomes.forEach(one -> one.rows().unpersist());
    }
  }

  private static Map<Candidate, CompareMaps.Drawn> drawn(
      List<Candidate> candidates, List<Outcomes> outcomes) {
    Map<Candidate, CompareMaps.Drawn> drawn = new HashMap<>();
    for (int i = 0; i < outcomes.size(); i++) {
      Outcomes one = outcomes.get(i);
      Candidate candidate = candidates.get(i);
      one.map().ifPresent(map -> drawn.put(candidate, new CompareMaps.Drawn(map, one.rows())));
    }
    return drawn;
  }

  private Outcomes outcomes(LabelledRows rows, Candidate candidate, boolean mapped) {
    VectorRows embedded = vectors.of(rows, candidate).kept();
    String vector = embedded.vectorColumn();
    try {
      phases.time("embed", () -> requireVectors(embedded, candidate));
      OptionalDouble silhouette =
          phases.time("silhouette", () -> Silhouette.of(embedded.data(), vector));
      Dataset<Row> sound = embedded.data().drop(VectorRows.ERROR);
      Optional<SemanticMapModel> map =
          mapped ? phases.time("maps", () -> CompareMaps.fitted(sound, vector)) : Optional.empty();
      Dataset<Row> placed = map.map(model -> model.transform(sound)).orElse(sound);
      Dataset<Row> near = phases.time("neighbors", () -> Agreement.of(placed, vector));
      try {
        Dataset<Row> judged = phases.time("accuracy", () -> judged(near, vector, map.isPresent()));
        return new Outcomes(judged, silhouette, map);
      } finally {
        near.unpersist();
      }
    } finally {
      embedded.data().unpersist();
    }
  }

  private static Row requireVectors(VectorRows embedded, Candidate candidate) {
    Row counts =
        embedded
            .data()
            .agg(
                count(col(embedded.vectorColumn())),
                expr("first(%s, true)".formatted(VectorRows.ERROR)))
            .head();
    if (counts.getLong(0) == 0) {
      throw new CompareException(
          "no row has a vector with a direction under %s%s"
              .formatted(
                  candidate.spoken(),
                  counts.isNullAt(1) ? "" : ", for example: " + counts.getString(1)));
    }
    return counts;
  }

  private Dataset<Row> judged(Dataset<Row> near, String vector, boolean mapped) {
    List<String> kept =
        new ArrayList<>(
            List.of(
                LabelledRows.LABEL, LabelledRows.PLACE, Agreement.COLUMN, CrossValidation.CORRECT));
    if (mapped) {
      kept.add(CompareMaps.PLACE);
    }
    Dataset<Row> judged =
        validation
            .of(near.where(col(vector).isNotNull()), vector)
            .select(LabelledRows.KEY, kept.toArray(String[]::new))
            .coalesce(near.sparkSession().sparkContext().defaultParallelism())
            .persist(StorageLevel.MEMORY_AND_DISK());
    judged.count();
    return judged;
  }

  /** Each row's outcomes under all candidates side by side, resampled. */
  private Resamples resampled(List<Outcomes> outcomes) {
    List<Dataset<Row>> numbered = new ArrayList<>();
    for (Outcomes one : outcomes) {
      numbered.add(one.rows().withColumn(CANDIDATE, lit(numbered.size())));
    }
    boolean judged = validation.folds() > 0;
    String side =
        judged
            ? "flatten(transform(%s, one -> array(one.%s, one.%s)))"
                .formatted(ALL, Agreement.COLUMN, CrossValidation.CORRECT)
            : "transform(%s, one -> one.%s)".formatted(ALL, Agreement.COLUMN);
    Dataset<Row> together =
        numbered.stream()
            .reduce(Dataset::union)
            .orElseThrow()
            .groupBy(LabelledRows.KEY, LabelledRows.LABEL, LabelledRows.PLACE)
            .agg(
                sort_array(
                        collect_list(
                            struct(
                                col(CANDIDATE),
                                col(Agreement.COLUMN),
                                col(CrossValidation.CORRECT))))
                    .as(ALL))
            .where(size(col(ALL)).equalTo(outcomes.size()))
            .withColumn(Bootstrap.OUTCOMES, expr(side));
    return bootstrap.of(together, Scores.perCandidate(judged) * outcomes.size());
  }
}
