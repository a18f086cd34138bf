package io.instructorspark.job.evaluate;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.job.metrics.Phases;
import io.instructorspark.job.report.Secrets;
import io.instructorspark.spark.CheckpointAccess;
import io.instructorspark.spark.EmbeddingMetrics;
import io.instructorspark.spark.InstructorEmbedder;
import io.instructorspark.spark.SessionSetting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.SparkSession;

/**
 * Reads a suite's tasks, checks all of them, then embeds and scores one after the other. The driver
 * holds the vectors of one task at a time, of files of at most 100,000 rows and 250,000 distinct
 * texts, and the texts of some; a corpus stays distributed. Of what was scored it keeps the
 * resampled scores.
 */
final class EvaluateJob {
  private static final String PARTITIONS = "spark.sql.shuffle.partitions";

  /** Rows whose texts are held between the check and the scoring, of all tasks together. */
  private static final int MOST_KEPT = 1_000_000;

  private final Arguments arguments;
  private final SparkSession session;
  private final EvaluationLine line;
  private final Phases phases = new Phases();
  private final Map<String, TaskData> kept = new HashMap<>();
  private int keptRows;

  /**
   * What to do.
   *
   * @param stages one for each model
   * @param variants of own, none and wrong
   */
  record Arguments(
      Suite suite,
      List<InstructorEmbedder> stages,
      List<String> variants,
      Set<Analysis> analyses,
      ScoringSettings settings) {
    /** The usual variants that are scored, those of analyses included, in their usual order. */
    List<String> usual() {
      Set<String> wanted = new LinkedHashSet<>(variants);
      analyses.forEach(analysis -> wanted.addAll(analysis.needed()));
      List<String> ordered = new ArrayList<>(List.of(Variant.OWN, Variant.NONE, Variant.WRONG));
      ordered.retainAll(wanted);
      return ordered;
    }
  }

  EvaluateJob(Arguments arguments, SparkSession session, EvaluationLine line) {
    this.arguments = arguments;
    this.session = session;
    this.line = line;
  }

  EvaluateReport run() {
    useFewPartitions();
    EmbeddingMetrics metrics = EmbeddingMetrics.of(session);
    List<Embedding> embeddings =
        arguments.stages().stream()
            .map(stage -> new Embedding(session, name(stage), stage, metrics))
            .toList();
    Map<String, Long> parameters =
        phases.time("open_models", () -> parameters(embeddings)); // a model that is not there fails
    List<Result> all = new ArrayList<>();
    try {
      phases.time("read_tasks", this::checked);
      for (TaskSpec task : arguments.suite().chosen()) {
        phases.time(task.category().label(), () -> all.addAll(results(task, embeddings)));
      }
    } finally {
      line.clear();
      kept.values().forEach(TaskData::close);
    }
    Results results =
        new Results(
            arguments.suite().chosen(),
            embeddings.stream().map(Embedding::model).toList(),
            arguments.usual(),
            List.copyOf(all),
            arguments.settings().seed());
    Analyses analyses = new Analyses(results, parameters);
    return new EvaluateReport(
        arguments,
        results,
        arguments.analyses().stream().map(analyses::of).toList(),
        parameters,
        metrics.totals(),
        phases);
  }

  /** What is shuffled is small, for which Spark's usual number of partitions is far too many. */
  private void useFewPartitions() {
    if (!session.sparkContext().getConf().contains(PARTITIONS)) {
      session.conf().set(PARTITIONS, session.sparkContext().defaultParallelism());
    }
  }

  private String location(InstructorEmbedder stage) {
    return stage.isSet(stage.model())
        ? stage.getModel()
        : session.conf().get(SessionSetting.MODEL.key(), stage.getModel());
  }

  private String name(InstructorEmbedder stage) {
    return Figures.printable(Secrets.redacted(location(stage)));
  }

  private Map<String, Long> parameters(List<Embedding> embeddings) {
    Map<String, Long> parameters = new LinkedHashMap<>();
    for (Embedding one : embeddings) {
      Checkpoint checkpoint = Checkpoint.open(location(one.stage()), CheckpointAccess.of(session));
      parameters.put(one.model(), checkpoint.parameterCount());
    }
    return parameters;
  }

  /**
   * Reads all data before the first text is embedded, and keeps what it has room for; the rest is
   * read again.
   */
  private Void checked() {
    int number = 0;
    for (TaskSpec task : arguments.suite().chosen()) {
      line.at("checking", task.name(), ++number, arguments.suite().chosen().size());
      TaskData data = TaskData.read(session, task, arguments.settings());
      if (keptRows + data.rows() <= MOST_KEPT) {
        keptRows += data.rows();
        kept.put(task.name(), data);
      } else {
        data.close();
      }
    }
    return null;
  }

  private List<Result> results(TaskSpec task, List<Embedding> embeddings) {
    List<Result> results = new ArrayList<>();
    TaskData before = kept.remove(task.name());
    try (TaskData data =
        before == null ? TaskData.read(session, task, arguments.settings()) : before) {
      for (Embedding embedding : embeddings) {
        for (Variant variant : variants(task)) {
          line.at(
              "scoring",
              "%s, %s".formatted(task.name(), variant.name()),
              arguments.suite().chosen().indexOf(task) + 1,
              arguments.suite().chosen().size());
          results.add(result(task, data, embedding, variant));
        }
      }
    }
    return results;
  }

  private Result result(TaskSpec task, TaskData data, Embedding embedding, Variant variant) {
    Scored scored = data.score(embedding, variant);
    Map<String, Sample> parts = new LinkedHashMap<>();
    scored
        .parts()
        .forEach(
            (name, part) -> parts.put(name, Sample.of(part, task.name(), arguments.settings())));
    return new Result(
        task,
        embedding.model(),
        variant,
        Sample.of(scored.outcome(), task.name(), arguments.settings()),
        scored.outcome().items(),
        parts,
        scored.missing(),
        data.leftOut());
  }

  private List<Variant> variants(TaskSpec task) {
    List<Variant> variants = new ArrayList<>();
    for (String name : arguments.usual()) {
      variants.add(
          switch (name) {
            case Variant.OWN -> Variants.own(task);
            case Variant.NONE -> Variants.none(task);
            default -> new Variants(arguments.suite()).wrong(task);
          });
    }
    arguments.analyses().forEach(analysis -> variants.addAll(analysis.more(task)));
    return variants;
  }
}
