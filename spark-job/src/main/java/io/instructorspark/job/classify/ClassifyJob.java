package io.instructorspark.job.classify;

import static io.instructorspark.job.vectors.VectorRows.quoted;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.instructorspark.job.metrics.Phases;
import io.instructorspark.job.rows.InputRows;
import io.instructorspark.job.rows.OutputFolder;
import io.instructorspark.job.rows.RowSource;
import io.instructorspark.job.vectors.VectorRows;
import io.instructorspark.job.vectors.VectorSource;
import io.instructorspark.spark.IfExists;
import io.instructorspark.spark.InstructorEmbedder;
import io.instructorspark.spark.OutputFormat;
import io.instructorspark.spark.VectorClassifier;
import io.instructorspark.spark.VectorClassifierModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/** Learns or loads a classifier, judges it, keeps it, predicts with it: what is asked for. */
final class ClassifyJob {
  private static final String PREDICTION = "prediction";
  private static final String PROBABILITY = "probability";
  private static final String PROBABILITIES = "probabilities";

  /** Names that the columns of training rows leave free. */
  private static final String PREDICTED = "_classify_prediction";

  private static final String PROBABILITY_OF_PREDICTED = "_classify_probability";

  private static final String NO_DIRECTION =
      "the vector is zero, or holds a null, a NaN or an infinity, so it says nothing of a label";

  private final Arguments arguments;
  private final SparkSession session;
  private final Phases phases = new Phases();

  /**
   * What to do.
   *
   * @param learning empty where a classifier is loaded
   * @param loadModel where from
   * @param options sets what the command line says of the embedding on a stage
   * @param probabilities whether those of all labels are written
   * @param output there if {@code input} is
   */
  record Arguments(
      Optional<Learning> learning,
      Optional<String> loadModel,
      UnaryOperator<InstructorEmbedder> options,
      Optional<String> labelColumn,
      Optional<RowSource> input,
      VectorSource vectors,
      boolean probabilities,
      Optional<Output> output) {}

  /** What to learn from, how, and what else becomes of it. */
  record Learning(
      RowSource rows,
      InstructorEmbedder stage,
      VectorClassifier classifier,
      Optional<Integer> folds,
      Optional<String> saveModel) {}

  /** Where predictions go. */
  record Output(String folder, OutputFormat format, IfExists ifExists) {}

  /** A classifier that is ready, with the account of how it came to be. */
  private record Ready(
      SavedClassifier classifier, Optional<Examples> examples, List<Judge.Verdict> folds) {}

  ClassifyJob(Arguments arguments, SparkSession session) {
    this.arguments = arguments;
    this.session = session;
  }

  ClassifyReport run() {
    Optional<OutputFolder> folder =
        arguments
            .output()
            .map(output -> OutputFolder.open(session, output.folder(), output.ifExists()));
    Ready ready =
        arguments.learning().isPresent()
            ? learned(arguments.learning().get())
            : phases.time("load", this::loaded);
    Optional<ClassifyReport.Predicted> predicted =
        arguments
            .input()
            .map(source -> predicted(ready.classifier(), source, folder.orElseThrow()));
    return new ClassifyReport(
        arguments, ready.classifier().model(), ready.examples(), ready.folds(), predicted, phases);
  }

  private Ready learned(Learning learning) {
    learning.saveModel().ifPresent(place -> SavedClassifier.requireFree(session, place));
    try (InputRows input = read(learning.rows())) {
      String label = input.column(arguments.labelColumn().orElseThrow());
      VectorRows rows = VectorRows.of(input, arguments.vectors(), learning.stage());
      try (Examples examples =
          phases.time(
              "read_training_rows",
              () ->
                  input.reading(
                      () ->
                          Examples.of(
                              input, rows, label, arguments.vectors(), learning.folds())))) {
        VectorClassifier stage =
            learning
                .classifier()
                .setFeaturesCol(examples.vector())
                .setLabelCol(label)
                .setPredictionCol(PREDICTED)
                .setProbabilityCol(PROBABILITY_OF_PREDICTED);
        VectorClassifierModel model = phases.time("learn", () -> stage.fit(examples.data()));
        List<Judge.Verdict> folds = new ArrayList<>();
        if (learning.folds().isPresent()) {
          phases.time("folds", () -> folds.addAll(judged(learning, stage, model, examples)));
        }
        SavedClassifier classifier =
            arguments.vectors().embeddingColumn().isPresent()
                ? SavedClassifier.ofVectors(
                    arguments.vectors().textColumn(), rows.vectorColumn(), model)
                : SavedClassifier.ofTexts(
                    learning.stage(), arguments.vectors().textColumn(), model);
        learning
            .saveModel()
            .ifPresent(
                place ->
                    phases.time(
                        "save",
                        () -> {
                          classifier.save(session, place);
                          return null;
                        }));
        return new Ready(classifier, Optional.of(examples), List.copyOf(folds));
      }
    }
  }

  /** Each part of the rows judged by a classifier that has learned from the others. */
  private static List<Judge.Verdict> judged(
      Learning learning, VectorClassifier stage, VectorClassifierModel all, Examples examples) {
    long twice = all.labels().values().stream().filter(rows -> rows > 1).count();
    if (twice < 2) {
      throw new ClassifyException(
          "cross-validation needs two labels at least that have two rows each, and %d of %d have; leave --folds out, or give more rows"
              .formatted(twice, all.labels().size()));
    }
    Judge judge = new Judge(all);
    List<Judge.Verdict> verdicts = new ArrayList<>();
    for (int fold = 0; fold < learning.folds().get(); fold++) {
      Dataset<Row> others = examples.data().where(col(Examples.FOLD).notEqual(fold));
      Dataset<Row> held = examples.data().where(col(Examples.FOLD).equalTo(fold));
      VectorClassifierModel model = stage.fit(others);
      verdicts.add(judge.of(model.transform(held), col(quoted(examples.label())), col(PREDICTED)));
      model.forget();
    }
    return verdicts;
  }

  private Ready loaded() {
    SavedClassifier saved = SavedClassifier.load(session, arguments.loadModel().orElseThrow());
    if (saved.embedder().isEmpty() && arguments.vectors().embeddingColumn().isEmpty()) {
      throw new ClassifyException(
          "the classifier in --load-model %s has learned from vectors whose origin is not known, so it cannot embed texts; give vectors by --embedding-column"
              .formatted(arguments.loadModel().get()));
    }
    Optional<InstructorEmbedder> embedder = saved.embedder().map(arguments.options());
    return new Ready(new SavedClassifier(embedder, saved.model()), Optional.empty(), List.of());
  }

  private InputRows read(RowSource source) {
    InputRows rows = InputRows.read(session, source);
    arguments.output().ifPresent(output -> rows.requireApartFrom(output.folder()));
    rows.requireRows();
    return rows;
  }

  private ClassifyReport.Predicted predicted(
      SavedClassifier classifier, RowSource source, OutputFolder folder) {
    try (InputRows input = read(source)) {
      input.requireFree(added());
      VectorRows rows =
          VectorRows.of(
              input, arguments.vectors(), classifier.embedder().orElseGet(InstructorEmbedder::new));
      VectorClassifierModel model =
          classifier
              .model()
              .setFeaturesCol(rows.vectorColumn())
              .setPredictionCol(PREDICTION)
              .setProbabilityCol(PROBABILITY);
      if (arguments.probabilities()) {
        model.setProbabilitiesCol(PROBABILITIES);
      }
      return phases.time("predict_and_write", () -> write(model, input, rows, folder));
    }
  }

  private List<String> added() {
    return arguments.probabilities()
        ? List.of(PREDICTION, PROBABILITY, PROBABILITIES)
        : List.of(PREDICTION, PROBABILITY);
  }

  private ClassifyReport.Predicted write(
      VectorClassifierModel model, InputRows input, VectorRows rows, OutputFolder folder) {
    Dataset<Row> found = model.transform(rows.data());
    Dataset<Row> flagged =
        found.withColumn(
            VectorRows.ERROR,
            coalesce(
                col(VectorRows.ERROR),
                when(
                    col(PREDICTION)
                        .isNull()
                        .and(found.col(quoted(rows.vectorColumn())).isNotNull()),
                    lit(NO_DIRECTION))));
    Dataset<Row> output = rows.output(flagged, added().toArray(String[]::new));
    Optional<String> label = arguments.labelColumn().flatMap(input::find);
    Dataset<Row> kept = label.isPresent() ? output.persist(StorageLevel.DISK_ONLY()) : output;
    Map<String, Object> counts =
        input.reading(
            () ->
                folder.writeCounting(
                    kept,
                    arguments.output().orElseThrow().format(),
                    count(col(PREDICTION)).as("predicted"),
                    count(col(VectorRows.ERROR)).as("errors")));
    Optional<Judge.Verdict> verdict =
        label.map(name -> new Judge(model).of(kept, kept.col(quoted(name)), kept.col(PREDICTION)));
    kept.unpersist();
    return new ClassifyReport.Predicted(
        (Long) counts.get("rows"),
        (Long) counts.get("predicted"),
        (Long) counts.get("errors"),
        verdict);
  }
}
