package io.instructorspark.job.command;

import io.instructorspark.job.rows.RowSource;
import io.instructorspark.spark.IfExists;
import io.instructorspark.spark.OutputFormat;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of every command that reads and writes rows. */
public final class RowOptions {
  @Mixin private InputOptions input;

  @Option(
      names = "--id-column",
      paramLabel = "C",
      description =
          "column that tells rows apart: names them in messages and results; embed lets an input grow by it")
  private String idColumn;

  @Option(
      names = "--output-format",
      paramLabel = "F",
      defaultValue = "parquet",
      description =
          "format of the output: parquet (default) or jsonl; map has --coordinates-format")
  private OutputFormat outputFormat;

  @Option(
      names = "--if-exists",
      paramLabel = "WHAT",
      defaultValue = "error",
      description =
          "an output that is there already: error (default), overwrite, or, of embed alone, resume, which goes on with a run that was broken off or whose input has grown")
  private IfExists ifExists;

  /** The column of texts. */
  public String textColumn() {
    return input.textColumn();
  }

  /** The column that names a row; null for none. */
  public String idColumn() {
    return idColumn;
  }

  /** The format of the output. */
  public OutputFormat outputFormat() {
    return outputFormat;
  }

  /** What to do with an output that is there already. */
  public IfExists ifExists() {
    return ifExists;
  }

  /** The rows of a path, read as these options say. */
  public RowSource source(String path, String... stringColumns) {
    return input.source(path, stringColumns);
  }
}
