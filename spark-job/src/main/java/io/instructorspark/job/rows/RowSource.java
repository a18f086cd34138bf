package io.instructorspark.job.rows;

import java.util.List;
import java.util.Optional;

/**
 * What to read and how: the user's answer to "which rows?".
 *
 * @param path a file, a folder of such files, or a glob; a local path or any Hadoop URI
 * @param format the format; empty: by the suffixes of the files
 * @param stringColumns the columns that must be there and hold strings (the text, the instruction);
 *     jsonl reads them as strings even where they look like numbers
 * @param quote what quotes the fields of csv and tsv
 * @param scratch where compressed Parquet is unpacked; empty: this machine's temporary folder,
 *     which serves where driver and executors are one machine
 */
public record RowSource(
    String path,
    Optional<InputFormat> format,
    List<String> stringColumns,
    Quote quote,
    Optional<String> scratch) {

  /** Refuses an empty path and copies the columns. */
  public RowSource {
    if (path.isBlank()) {
      throw new InputException("the input has no path: give a file, a folder or a glob");
    }
    stringColumns = List.copyOf(stringColumns);
  }

  /** Rows of a path whose format its suffix tells, quoted by {@code "}. */
  public static RowSource of(String path, String... stringColumns) {
    return new RowSource(
        path, Optional.empty(), List.of(stringColumns), Quote.DOUBLE, Optional.empty());
  }

  /** The same source, read in this format whatever the files are called. */
  public RowSource withFormat(InputFormat chosen) {
    return new RowSource(path, Optional.of(chosen), stringColumns, quote, scratch);
  }

  /** The same source with another quote. */
  public RowSource withQuote(Quote chosen) {
    return new RowSource(path, format, stringColumns, chosen, scratch);
  }

  /** The same source; compressed Parquet is unpacked below this folder, which executors see. */
  public RowSource withScratch(String folder) {
    return new RowSource(path, format, stringColumns, quote, Optional.of(folder));
  }
}
