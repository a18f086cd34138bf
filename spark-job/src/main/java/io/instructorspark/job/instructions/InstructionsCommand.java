package io.instructorspark.job.instructions;

import io.instructorspark.spark.InstructionCatalog;
import io.instructorspark.text.NamedInstruction;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists and shows the instructions that {@code --instruction @name} takes. */
@Command(
    name = "instructions",
    description = "The named instructions, which --instruction @NAME takes.",
    mixinStandardHelpOptions = true)
public final class InstructionsCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "list or show NAME?");
  }

  @Command(
      name = "list",
      description = "All names with their use.",
      mixinStandardHelpOptions = true)
  void list() {
    PrintWriter out = spec.commandLine().getOut();
    int width =
        InstructionCatalog.current().all().stream()
            .mapToInt(i -> i.name().length())
            .max()
            .orElse(0);
    for (NamedInstruction named : InstructionCatalog.current().all()) {
      out.printf("@%-" + width + "s  %s%n", named.name(), named.use());
    }
  }

  @Command(
      name = "show",
      description = "The instruction of a name.",
      mixinStandardHelpOptions = true)
  void show(@Parameters(paramLabel = "NAME", description = "with or without its @") String name) {
    NamedInstruction named;
    try {
      named = InstructionCatalog.current().get(name.startsWith("@") ? name.substring(1) : name);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf("@%s: %s%n\"%s\"%n", named.name(), named.use(), named.instruction());
  }
}
