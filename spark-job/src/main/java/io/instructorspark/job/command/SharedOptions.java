package io.instructorspark.job.command;

import io.instructorspark.spark.InstructorEmbedder;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Options of every command that embeds. An option that is not given leaves its parameter to the
 * session's settings.
 */
public final class SharedOptions {
  @Option(
      names = "--model",
      paramLabel = "URI",
      description =
          "checkpoint: builtin:instructor-mini (default), a folder in the Hugging Face layout, a URI that Hadoop reads (hdfs:, s3a:, ...), or hf://org/name[@revision]")
  private String model;

  @Option(names = "--device", paramLabel = "D", description = "auto (default), cpu or cuda")
  private String device;

  @Option(names = "--precision", paramLabel = "P", description = "fp32 (default) or bf16")
  private String precision;

  @Option(
      names = "--compat",
      paramLabel = "MODE",
      description = "which reference the vectors equal: v1_0_1 (default), st or head")
  private String compat;

  @Option(
      names = "--max-length",
      paramLabel = "N",
      description = "tokens of instruction and text together, at most the checkpoint's (default)")
  private Integer maxLength;

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Spark master; default local[*], or what spark-submit says")
  private String master;

  @Option(
      names = "--run-record",
      paramLabel = "FILE",
      description = "write a JSON account of the run")
  private Path runRecord;

  @Mixin private GeneralOptions general;

  /** Sets what was given on a stage. Returns the stage. */
  public InstructorEmbedder applyTo(InstructorEmbedder stage) {
    if (model != null) {
      stage.setModel(model);
    }
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

  /** The master that was asked for; null if none was. */
  public String master() {
    return master;
  }

  /** Where the run record goes; null for nowhere. */
  public Path runRecord() {
    return runRecord;
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
