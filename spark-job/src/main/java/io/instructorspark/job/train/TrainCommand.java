package io.instructorspark.job.train;

import io.instructorspark.engine.Precision;
import io.instructorspark.job.command.SharedOptions;
import io.instructorspark.job.command.Versions;
import io.instructorspark.spark.IfExists;
import io.instructorspark.spark.InstructorEmbedder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of {@code train}. */
@Command(
    name = "train",
    description =
        "Trains a model from pairs of texts with instructions, from a checkpoint or from scratch. The output is a folder in the Hugging Face layout that this program and sentence-transformers load. Model, precision and length are in the recipe, not options; it runs on the processor.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class TrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "file or folder that the recipe's file names are looked for in; give it several times. Default: the recipe's folder")
  private List<String> data = List.of();

  @Option(
      names = "--recipe",
      paramLabel = "FILE",
      required = true,
      description = "YAML: the model to begin with, the data, and the settings of the run")
  private Path recipe;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description =
          "folder of this machine for the model; meanwhile prepared data and states lie in its folder _training")
  private Path output;

  @Option(
      names = "--if-exists",
      paramLabel = "WHAT",
      defaultValue = "error",
      description =
          "an output that is there: error (default), overwrite, or resume, which goes on from the newest state")
  private IfExists ifExists;

  @Option(
      names = "--weights",
      paramLabel = "P",
      defaultValue = "fp32",
      description = "numbers of the written weights: fp32 (default) or bf16, half the size")
  private String weights;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "threads that share out a batch; default: the machine's cores")
  private Integer threads;

  @Option(
      names = "--stop-after",
      paramLabel = "MINUTES",
      description =
          "save a state and stop after so long, to go on another time with --if-exists resume")
  private Double stopAfter;

  @Option(
      names = "--on-bad-record",
      paramLabel = "WHAT",
      defaultValue = "error",
      description = "a record that cannot be read: error (default) or skip, which counts it")
  private OnBadRecord onBadRecord;

  @Mixin private SharedOptions shared;

  @Override
  public Integer call() throws IOException {
    refuseWhatTheRecipeSays();
    TrainJob.Arguments arguments =
        new TrainJob.Arguments(
            Recipe.read(recipe),
            recipe,
            data,
            output,
            ifExists,
            shared.valid(() -> Precision.of(weights)),
            threads(),
            stopAfter == null ? Double.POSITIVE_INFINITY : 60 * stopAfter,
            onBadRecord);
    shared.requireRecordPlace();
    shared.inSession(
        "train",
        session -> {
          PrintStream said = shared.quiet() ? null : System.err;
          TrainReport report = new TrainJob(arguments, session, said).run();
          shared.write(() -> report.record(Versions.all()));
          if (!shared.quiet()) {
            spec.commandLine().getOut().println(report.text());
          }
        });
    return 0;
  }

  private int threads() {
    if (threads == null) {
      return Runtime.getRuntime().availableProcessors();
    }
    if (threads < 1) {
      throw shared.misused("--threads must be > 0, got " + threads);
    }
    return threads;
  }

  private void refuseWhatTheRecipeSays() {
    InstructorEmbedder given = shared.valid(() -> shared.applyTo(new InstructorEmbedder()));
    if (given.isSet(given.model())
        || given.isSet(given.precision())
        || given.isSet(given.maxLength())
        || given.isSet(given.compatibility())
        || given.isSet(given.device())) {
      throw shared.misused(
          "a training takes model, precision and length from its recipe, joins texts as v1_0_1 does and runs on the processor; leave out --model, --precision, --max-length, --compat and --device");
    }
    if (stopAfter != null && !(stopAfter > 0)) {
      throw shared.misused("--stop-after must be > 0 minutes, got " + stopAfter);
    }
  }
}
