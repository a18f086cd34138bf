package io.instructorspark.job.command;

import io.instructorspark.job.vectors.VectorSource;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options of every command that takes texts or ready vectors. */
public final class VectorOptions {
  @Option(
      names = "--instruction",
      paramLabel = "S",
      description =
          "instruction of all texts, with its final space; @name takes a named one; default: none")
  private String instruction;

  @Option(
      names = "--embedding-column",
      paramLabel = "C",
      description = "column of ready vectors, in place of texts")
  private String embeddingColumn;

  /** The instruction of all texts; null for none. */
  public String instruction() {
    return instruction;
  }

  /** Which column the vectors come from. */
  public VectorSource source(RowOptions rows) {
    return new VectorSource(rows.textColumn(), Optional.ofNullable(embeddingColumn));
  }
}
