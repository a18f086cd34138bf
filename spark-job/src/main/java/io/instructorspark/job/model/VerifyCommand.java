package io.instructorspark.job.model;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.engine.Device;
import io.instructorspark.engine.Precision;
import io.instructorspark.job.command.Transfers;
import io.instructorspark.spark.SessionSetting;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Checks that a checkpoint works on this machine. */
@Command(
    name = "verify",
    description =
        "Checks a checkpoint: files, weights, tokenizer, and the vectors it gives. Exit status 1 if something is wrong.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ModelLocation location;

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

  @Override
  public Integer call() {
    Device where;
    Precision numbers;
    try {
      where = Device.of(setting(device, SessionSetting.DEVICE));
      numbers = Precision.of(setting(precision, SessionSetting.PRECISION));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    CheckReport report = new CheckReport(out, spec.commandLine().getErr(), location.general());
    Optional<Checkpoint> opened = report.run("layout", this::open, VerifyCommand::layout);
    if (opened.isEmpty()) {
      report.verdict("FAILED: 1 check; %s cannot be used".formatted(location.uri()));
      return ExitCode.SOFTWARE;
    }
    switch (new SelfCheck(opened.get(), where, numbers, report).run()) {
      case OK -> {
        report.verdict("OK: %s works on this machine".formatted(location.uri()));
        return ExitCode.OK;
      }
      case NOT_TRAINED ->
          report.verdict(
              "NOT TRAINED: %s loads and computes, but does not look trained"
                  .formatted(location.uri()));
      case FAILED ->
          report.verdict(
              "FAILED: %d %s of %s"
                  .formatted(
                      report.failures(),
                      report.failures() == 1 ? "check" : "checks",
                      location.uri()));
    }
    return ExitCode.SOFTWARE;
  }

  /** The option, else the setting of the same meaning, else the default. */
  private String setting(String option, SessionSetting setting) {
    return option != null ? option : location.conf().get(setting.key(), setting.defaultValue());
  }

  /** Also takes the fingerprint, which reads the weights. */
  private Checkpoint open() {
    Transfers transfers = Transfers.show(location.general());
    try {
      Checkpoint checkpoint = location.open();
      checkpoint.fingerprint();
      return checkpoint;
    } finally {
      transfers.close();
    }
  }

  private static String layout(Checkpoint checkpoint) {
    return "%d files, every tensor there with its shape; fingerprint %s"
        .formatted(checkpoint.files().size(), checkpoint.fingerprint());
  }
}
