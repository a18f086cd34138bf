package io.instructorspark.job.command;

import io.instructorspark.job.report.RunRecord;
import io.instructorspark.job.report.Secrets;
import io.instructorspark.spark.InstructionCatalog;
import io.instructorspark.spark.InstructorEmbedder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Options of every command that embeds, and what such a command does with them: the session, the
 * run record, the errors of wrong usage. An option that is not given leaves its parameter to the
 * session's settings.
 */
public final class SharedOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--model",
      paramLabel = "URI",
      description =
          "checkpoint: builtin:instructor-mini (default), a folder in the Hugging Face layout, a URI that Hadoop reads (hdfs:, s3a:, ...), or hf://org/name[@revision]; evaluate alone takes several")
  private List<String> models = List.of();

  @Option(
      names = "--device",
      paramLabel = "D",
      description = "where the model runs: auto (default), cpu, cuda or cuda:N")
  private String device;

  @Option(
      names = "--precision",
      paramLabel = "P",
      description = "numbers of the matrix products: fp32 (default) or bf16")
  private String precision;

  @Option(
      names = "--compat",
      paramLabel = "MODE",
      description = "which reference the vectors equal: v1_0_1 (default), st or head")
  private String compat;

  @Option(
      names = "--max-length",
      paramLabel = "N",
      description =
          "tokens of instruction and text together, at most the checkpoint's; default: the checkpoint's")
  private Integer maxLength;

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Spark master; default: local[*], or what spark-submit says")
  private String master;

  @Option(
      names = "--run-record",
      paramLabel = "FILE",
      description =
          "file to write an account of the run to, as JSON: arguments, versions, counts, seconds by phase")
  private Path runRecord;

  @Mixin private GeneralOptions general;

  /**
   * Sets what was given on a stage. Returns the stage.
   *
   * @throws ParameterException if several models were given
   */
  public InstructorEmbedder applyTo(InstructorEmbedder stage) {
    if (models.size() > 1) {
      throw misused("--model is given %d times; this command takes one".formatted(models.size()));
    }
    models.forEach(stage::setModel);
    return withSettings(stage);
  }

  /**
   * A stage for each model that was given, in that order, with what else was given set on it; one
   * stage if none was.
   *
   * @throws ParameterException if a value is wrong, or a model is given twice
   */
  public List<InstructorEmbedder> stages() {
    if (models.stream().distinct().count() < models.size()) {
      throw misused("--model is given twice with the same model; leave one of them out");
    }
    return valid(
        () ->
            models.isEmpty()
                ? List.of(applyTo(new InstructorEmbedder()))
                : models.stream()
                    .map(model -> withSettings(new InstructorEmbedder().setModel(model)))
                    .toList());
  }

  private InstructorEmbedder withSettings(InstructorEmbedder stage) {
    if (device != null) {
      stage.setDevice(device);
    }
    if (precision != null) {
      stage.setPrecision(precision);
    }
    if (compat != null) {
      stage.setCompatibility(compat);
    }
    if (maxLength != null) {
      stage.setMaxLength(maxLength);
    }
    return stage;
  }

  /**
   * As {@link #applyTo(InstructorEmbedder)}, and the instruction of all rows.
   *
   * @param instruction null for what the stage has
   * @throws ParameterException if a value is wrong, an unknown name of an instruction among them
   */
  public InstructorEmbedder applyTo(InstructorEmbedder stage, String instruction) {
    return valid(
        () -> {
          applyTo(stage);
          if (instruction != null) {
            InstructionCatalog.current().resolve(instruction);
            stage.setInstruction(instruction);
          }
          return stage;
        });
  }

  /**
   * What is made of given values.
   *
   * @throws ParameterException in place of an {@link IllegalArgumentException}: what is wrong with
   *     a value is wrong usage
   */
  public <T> T valid(Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }

  /** Wrong usage of the command, in words; for the caller to throw. */
  public ParameterException misused(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  /**
   * Checks that a run record, if one was asked for, will have a place.
   *
   * @throws IllegalArgumentException as {@link RunRecord#requirePlace}
   */
  public void requireRecordPlace() {
    if (runRecord != null) {
      RunRecord.requirePlace(runRecord);
    }
  }

  /**
   * Checks that nothing that the command writes, the run record included, lies in the place of
   * something else that it writes.
   *
   * @throws ParameterException if two places are one, or one lies in the other
   */
  public void requireApart(Places places) {
    places
        .and("--run-record", runRecord)
        .conflict()
        .ifPresent(
            words -> {
              throw misused(words);
            });
  }

  /** Writes the run record, if one was asked for, with the arguments as they were given. */
  public void write(Supplier<RunRecord> record) {
    if (runRecord != null) {
      record
          .get()
          .with(
              "arguments",
              command.commandLine().getParseResult().originalArgs().stream()
                  .map(Secrets::redacted)
                  .toList())
          .write(runRecord);
    }
  }

  /**
   * Does a job in a session of its own, and shows meanwhile how copies of checkpoints go on.
   *
   * @param name of the job, for Spark
   * @throws IOException if the session cannot be closed
   */
  public void inSession(String name, Consumer<SparkSession> job) throws IOException {
    Transfers transfers = Transfers.show(general);
    try (SparkSession session = Sessions.open(name, this)) {
      job.accept(session);
    } finally {
      transfers.close();
    }
  }

  /** The master that was asked for; null if none was. */
  public String master() {
    return master;
  }

  /** Settings of Spark, and how much is printed. */
  public GeneralOptions general() {
    return general;
  }

  /** Whether only errors are printed. */
  public boolean quiet() {
    return general.quiet();
  }
}
