package io.instructorspark.job.embed;

import io.instructorspark.job.command.RowOptions;
import io.instructorspark.job.command.SharedOptions;
import io.instructorspark.job.command.Versions;
import io.instructorspark.spark.Changes;
import io.instructorspark.spark.InstructorEmbedder;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of {@code embed}. */
@Command(
    name = "embed",
    description =
        "Adds a vector to every row of a file: columns embedding, token_count, truncated, error.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class EmbedCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--input",
      paramLabel = "PATH",
      required = true,
      description =
          "csv or tsv (with header), jsonl, txt (one text a line) or parquet, also .gz, .bz2, .zst; a file, folder or glob")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "PATH",
      required = true,
      description = "folder of part files to write")
  private String output;

  @ArgGroup(multiplicity = "1")
  private InstructionChoice instructionChoice;

  private static final class InstructionChoice {
    @Option(
        names = "--instruction",
        paramLabel = "S",
        description = "instruction of all rows, with its final space; @name takes a named one")
    private String instruction;

    @Option(
        names = "--instruction-column",
        paramLabel = "C",
        description = "column of instructions, one a row; null means none")
    private String instructionColumn;
  }

  @Mixin private RowOptions rows;

  @Option(
      names = "--changes",
      paramLabel = "WHAT",
      defaultValue = "report",
      description =
          "rows that an input has changed or lost since it was embedded, by --id-column: report (default), apply (embed them again, remove them) or error")
  private Changes changes;

  @Option(
      names = "--long-text",
      paramLabel = "WHAT",
      description =
          "texts longer than the window: truncate (default), chunk (the mean of their pieces) or error")
  private String longText;

  @Option(
      names = "--max-tokens-per-batch",
      paramLabel = "N",
      description = "padded tokens of one forward pass; default: what suits model and device")
  private Integer maxTokensPerBatch;

  @Option(
      names = "--window-size",
      paramLabel = "N",
      description = "rows that are sorted by length together (default: 4096)")
  private Integer windowSize;

  @Mixin private SharedOptions shared;

  @Override
  public Integer call() throws IOException {
    InstructorEmbedder stage = shared.valid(this::stage);
    shared.requireRecordPlace();
    shared.inSession(
        "embed",
        session -> {
          EmbedJob.Arguments arguments =
              new EmbedJob.Arguments(
                  rows.source(input, stringColumns()),
                  output,
                  rows.outputFormat(),
                  rows.ifExists(),
                  changes,
                  stage,
                  rows.textColumn(),
                  rows.idColumn());
          PrintStream terminal = shared.general().drawsProgress() ? System.err : null;
          EmbedResult result = new EmbedJob(arguments, session).run(terminal);
          shared.write(() -> result.report().record(Versions.all()));
          if (!shared.quiet()) {
            spec.commandLine().getOut().println(result.summary());
          }
        });
    return 0;
  }

  /** The stage with everything that was given. */
  private InstructorEmbedder stage() {
    InstructorEmbedder stage =
        shared.applyTo(new InstructorEmbedder(), instructionChoice.instruction);
    if (instructionChoice.instructionColumn != null) {
      stage.setInstructionCol(instructionChoice.instructionColumn);
    }
    if (longText != null) {
      stage.setLongText(longText);
    }
    if (maxTokensPerBatch != null) {
      stage.setMaxTokensPerBatch(maxTokensPerBatch);
    }
    if (windowSize != null) {
      stage.setWindowSize(windowSize);
    }
    return stage;
  }

  private String[] stringColumns() {
    return instructionChoice.instructionColumn == null
        ? new String[] {rows.textColumn()}
        : new String[] {rows.textColumn(), instructionChoice.instructionColumn};
  }
}
