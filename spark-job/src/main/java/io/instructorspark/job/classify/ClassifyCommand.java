package io.instructorspark.job.classify;

import io.instructorspark.job.command.RowOptions;
import io.instructorspark.job.command.SharedOptions;
import io.instructorspark.job.command.VectorOptions;
import io.instructorspark.job.command.Versions;
import io.instructorspark.job.vectors.VectorSource;
import io.instructorspark.spark.InstructorEmbedder;
import io.instructorspark.spark.VectorClassifier;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of {@code classify}. */
@Command(
    name = "classify",
    description =
        "Learns labels from texts or vectors and predicts those of other rows; says how well by cross-validation, or on rows whose labels are known.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class ClassifyCommand implements Callable<Integer> {
  private static final int MOST_FOLDS = 1000;

  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Origin origin;

  private static final class Origin {
    @Option(
        names = "--train",
        paramLabel = "PATH",
        description =
            "rows to learn from: csv or tsv (with header), jsonl or parquet, also .gz, .bz2, .zst; a file, folder or glob")
    private String train;

    @Option(
        names = "--load-model",
        paramLabel = "PATH",
        description = "a classifier that --save-model has written, in place of --train")
    private String loadModel;
  }

  @Option(
      names = "--label-column",
      paramLabel = "C",
      description =
          "column of labels: strings, numbers, booleans or dates; where the input has it too, its rows are scored")
  private String labelColumn;

  @Option(
      names = "--input",
      paramLabel = "PATH",
      description = "rows to predict labels of; without it, only scores are reported")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "PATH",
      description = "folder of part files to write: the input's columns, and what is predicted")
  private String output;

  @Mixin private VectorOptions vectors;

  @Option(
      names = "--classifier",
      paramLabel = "A",
      description = "logistic (default) or knn: the votes of the most similar rows")
  private String classifier;

  @Option(
      names = "--k",
      paramLabel = "N",
      description = "rows that vote, with --classifier knn (default: 5)")
  private Integer k;

  @Option(
      names = "--regularization",
      paramLabel = "X",
      description =
          "pull of the coefficients towards 0, with --classifier logistic: scikit-learn's 1 / C (default: 1)")
  private Double regularization;

  @Option(
      names = "--class-weights",
      paramLabel = "W",
      description =
          "with --classifier logistic: none (default), or balanced, where classes count alike, however many rows they have")
  private String classWeights;

  @Option(
      names = "--max-iterations",
      paramLabel = "N",
      description = "most steps of learning, with --classifier logistic (default: 500)")
  private Integer maxIterations;

  @Option(
      names = "--folds",
      paramLabel = "N",
      description = "score by cross-validation on so many parts of the rows to learn from")
  private Integer folds;

  @Option(
      names = "--probabilities",
      description = "also write the probability of every label, a map")
  private boolean probabilities;

  @Option(
      names = "--save-model",
      paramLabel = "PATH",
      description =
          "write the classifier as a Spark ML pipeline of texts, or of vectors where their origin is not known")
  private String saveModel;

  @Mixin private RowOptions rows;

  @Mixin private SharedOptions shared;

  @Override
  public Integer call() throws IOException {
    ClassifyJob.Arguments arguments = arguments();
    shared.requireRecordPlace();
    shared.inSession(
        "classify",
        session -> {
          ClassifyReport report = new ClassifyJob(arguments, session).run();
          shared.write(() -> report.record(Versions.all()));
          if (output == null || !shared.quiet()) {
            spec.commandLine().getOut().println(report.text());
          }
        });
    return 0;
  }

  private ClassifyJob.Arguments arguments() {
    requireSense();
    VectorSource source = vectors.source(rows);
    Optional<ClassifyJob.Learning> learning =
        Optional.ofNullable(origin.train)
            .map(
                path ->
                    new ClassifyJob.Learning(
                        rows.source(path, source.stringColumns()),
                        stage(new InstructorEmbedder()),
                        shared.valid(this::classifier),
                        Optional.ofNullable(folds),
                        Optional.ofNullable(saveModel)));
    return new ClassifyJob.Arguments(
        learning,
        Optional.ofNullable(origin.loadModel),
        this::stage,
        Optional.ofNullable(labelColumn),
        Optional.ofNullable(input).map(path -> rows.source(path, source.stringColumns())),
        source,
        probabilities,
        Optional.ofNullable(output)
            .map(folder -> new ClassifyJob.Output(folder, rows.outputFormat(), rows.ifExists())));
  }

  /** Options that contradict one another, or lead to nothing. */
  private void requireSense() {
    if ((input == null) != (output == null)) {
      throw shared.misused(
          input == null
              ? "--output needs rows to predict labels of: give --input"
              : "where do the predictions go? Give --output");
    }
    if (origin.loadModel != null) {
      requireNothingToLearn();
      return;
    }
    if (labelColumn == null) {
      throw shared.misused("which column of --train holds the labels? Give --label-column");
    }
    if (input == null && folds == null && saveModel == null) {
      throw shared.misused(
          "what for? Give --input and --output to predict labels, --folds to score, or --save-model to keep the classifier");
    }
    if (folds != null && (folds < 2 || folds > MOST_FOLDS)) {
      throw shared.misused("--folds must be from 2 to %d, got %d".formatted(MOST_FOLDS, folds));
    }
    boolean votes = "knn".equals(classifier);
    if (!votes && k != null) {
      throw shared.misused("--k is for --classifier knn");
    }
    if (votes && (regularization != null || classWeights != null || maxIterations != null)) {
      throw shared.misused(
          "--regularization, --class-weights and --max-iterations are for --classifier logistic");
    }
  }

  private void requireNothingToLearn() {
    if (input == null) {
      throw shared.misused(
          "--load-model needs rows to predict labels of: give --input and --output");
    }
    boolean learns =
        classifier != null
            || k != null
            || regularization != null
            || classWeights != null
            || maxIterations != null
            || folds != null
            || saveModel != null;
    if (learns) {
      throw shared.misused(
          "--load-model learns nothing: leave out --classifier, --k, --regularization, --class-weights, --max-iterations, --folds and --save-model, or give --train instead");
    }
    if (vectors.instruction() != null) {
      throw shared.misused(
          "the classifier of --load-model has its own instruction; leave --instruction out");
    }
  }

  private VectorClassifier classifier() {
    VectorClassifier stage = new VectorClassifier();
    if (classifier != null) {
      stage.setAlgorithm(classifier);
    }
    if (k != null) {
      stage.setK(k);
    }
    if (regularization != null) {
      stage.setRegularization(regularization);
    }
    if (classWeights != null) {
      stage.setClassWeights(classWeights);
    }
    if (maxIterations != null) {
      stage.setMaxIter(maxIterations);
    }
    return stage;
  }

  private InstructorEmbedder stage(InstructorEmbedder stage) {
    return shared.applyTo(stage, vectors.instruction());
  }
}
