package io.instructorspark.job;

import io.instructorspark.job.classify.ClassifyCommand;
import io.instructorspark.job.cluster.ClusterCommand;
import io.instructorspark.job.command.Versions;
import io.instructorspark.job.compare.CompareCommand;
import io.instructorspark.job.embed.EmbedCommand;
import io.instructorspark.job.evaluate.EvaluateCommand;
import io.instructorspark.job.instructions.InstructionsCommand;
import io.instructorspark.job.map.MapCommand;
import io.instructorspark.job.model.ModelCommand;
import io.instructorspark.job.neighbors.NeighborsCommand;
import io.instructorspark.job.report.ErrorParagraph;
import io.instructorspark.job.report.Secrets;
import io.instructorspark.job.train.TrainCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code instructor COMMAND …}: exit status 0 done, 1 failed, 2 wrong usage. */
@Command(
    name = "instructor",
    description =
        "INSTRUCTOR text embeddings on Apache Spark: every text is embedded with an instruction.",
    subcommands = {
      ClassifyCommand.class,
      ClusterCommand.class,
      CompareCommand.class,
      EmbedCommand.class,
      EvaluateCommand.class,
      InstructionsCommand.class,
      MapCommand.class,
      ModelCommand.class,
      NeighborsCommand.class,
      TrainCommand.class,
      CommandLine.HelpCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class)
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  /**
   * Runs a command and exits with its status. In a driver that YARN runs a command that is done
   * returns: an exit there, of whatever status, is a failure to Spark.
   */
  public static void main(String[] args) {
    int status;
    try {
      status = commandLine().execute(args);
    } catch (Error e) { // natives that do not load, no memory: what picocli lets through
      System.err.println(ErrorParagraph.of(e));
      status = CommandLine.ExitCode.SOFTWARE;
    }
    if (status != CommandLine.ExitCode.OK || !isDriverInYarn()) {
      System.exit(status);
    }
  }

  /** Spark says so to a driver that is in the cluster. */
  private static boolean isDriverInYarn() {
    return "yarn".equals(System.getProperty("spark.master"))
        && "cluster".equals(System.getProperty("spark.submit.deployMode"));
  }

  /** The whole command line, ready to execute. */
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExpandAtFiles(false) // @name is a named instruction, not a file of arguments
        .setParameterExceptionHandler(Main::misused)
        .setExecutionExceptionHandler(Main::failed);
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "which command? One of: classify, cluster, compare, embed, evaluate, instructions, map, model, neighbors, train");
  }

  /** The message and where to read on; the whole usage would push it off the screen. */
  private static int misused(ParameterException e, String[] args) {
    PrintWriter err = e.getCommandLine().getErr();
    err.println(ErrorParagraph.saying(e.getMessage()));
    CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
    err.printf("See: %s --help%n", e.getCommandLine().getCommandSpec().qualifiedName());
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }

  private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    PrintWriter err = command.getErr();
    err.println(ErrorParagraph.of(e));
    if (parsed.expandedArgs().contains("--verbose")) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      err.print(Secrets.redacted(trace.toString()));
    } else {
      err.println("(--verbose shows the stack trace)");
    }
    err.flush();
    return CommandLine.ExitCode.SOFTWARE;
  }
}
