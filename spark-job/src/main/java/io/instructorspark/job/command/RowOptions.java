package io.instructorspark.job.command;

import io.instructorspark.job.rows.IfExists;
import io.instructorspark.job.rows.InputFormat;
import io.instructorspark.job.rows.OutputFormat;
import io.instructorspark.job.rows.Quote;
import io.instructorspark.job.rows.RowSource;
import picocli.CommandLine.Option;

/** Options of every command that reads or writes rows. */
public final class RowOptions {
  @Option(
      names = "--text-column",
      paramLabel = "C",
      defaultValue = "text",
      description = "column of texts (default: ${DEFAULT-VALUE})")
  private String textColumn;

  @Option(
      names = "--id-column",
      paramLabel = "C",
      description = "column that names a row in messages")
  private String idColumn;

  @Option(
      names = "--input-format",
      paramLabel = "F",
      description =
          "csv, tsv, jsonl, txt or parquet; default: by suffix, .gz, .bz2 and .zst left aside")
  private InputFormat inputFormat;

  @Option(
      names = "--quote",
      paramLabel = "Q",
      defaultValue = "double",
      description =
          "what encloses csv and tsv fields: double (default), single or none (quotes are ordinary characters)")
  private Quote quote;

  @Option(
      names = "--output-format",
      paramLabel = "F",
      defaultValue = "parquet",
      description = "parquet (default) or jsonl")
  private OutputFormat outputFormat;

  @Option(
      names = "--if-exists",
      paramLabel = "WHAT",
      defaultValue = "error",
      description = "an output that is there already: error (default) or overwrite")
  private IfExists ifExists;

  /** The column of texts. */
  public String textColumn() {
    return textColumn;
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
    RowSource source = RowSource.of(path, stringColumns).withQuote(quote);
    return inputFormat == null ? source : source.withFormat(inputFormat);
  }
}
