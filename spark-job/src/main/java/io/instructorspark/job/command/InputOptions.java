package io.instructorspark.job.command;

import io.instructorspark.job.rows.InputFormat;
import io.instructorspark.job.rows.Quote;
import io.instructorspark.job.rows.RowSource;
import picocli.CommandLine.Option;

/** Options of every command that reads rows, also of one that writes none. */
public final class InputOptions {
  @Option(
      names = "--text-column",
      paramLabel = "C",
      defaultValue = "text",
      description = "column of texts (default: ${DEFAULT-VALUE})")
  private String textColumn;

  @Option(
      names = "--input-format",
      paramLabel = "F",
      description =
          "format of the input: csv, tsv, jsonl, txt or parquet; default: by suffix, .gz, .bz2 and .zst left aside")
  private InputFormat inputFormat;

  @Option(
      names = "--quote",
      paramLabel = "Q",
      defaultValue = "double",
      description =
          "what encloses csv and tsv fields: double (default), single or none (quotes are ordinary characters)")
  private Quote quote;

  /** The column of texts. */
  public String textColumn() {
    return textColumn;
  }

  /** The rows of a path, read as these options say. */
  public RowSource source(String path, String... stringColumns) {
    RowSource source = RowSource.of(path, stringColumns).withQuote(quote);
    return inputFormat == null ? source : source.withFormat(inputFormat);
  }
}
