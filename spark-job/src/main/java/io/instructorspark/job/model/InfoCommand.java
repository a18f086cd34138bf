package io.instructorspark.job.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.instructorspark.job.command.Transfers;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what a checkpoint is. */
@Command(
    name = "info",
    description = "What a checkpoint is: architecture, sizes, files, fingerprint, memory it needs.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class InfoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ModelLocation location;

  @Option(names = "--json", description = "as one JSON object; sizes in bytes")
  private boolean json;

  @Override
  public Integer call() throws JsonProcessingException {
    Transfers transfers = Transfers.show(location.general());
    ModelDescription description;
    try {
      description = ModelDescription.of(location.open());
    } finally {
      transfers.close();
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(
          new ObjectMapper()
              .enable(SerializationFeature.INDENT_OUTPUT)
              .writeValueAsString(description.fields()));
    } else {
      description.lines().forEach(out::println);
    }
    return 0;
  }
}
