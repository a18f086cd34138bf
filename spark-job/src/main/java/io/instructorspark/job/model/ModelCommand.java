package io.instructorspark.job.model;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Looks at checkpoints, copies and checks them. */
@Command(
    name = "model",
    description =
        "What a checkpoint is; bring it where it is needed; check that it works; make the tokenizer of a new one.",
    subcommands = {
      InfoCommand.class,
      FetchCommand.class,
      VerifyCommand.class,
      TokenizerCommand.class
    },
    mixinStandardHelpOptions = true)
public final class ModelCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "info, fetch or verify URI, or tokenizer?");
  }
}
