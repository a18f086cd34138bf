package io.instructorspark.job.rows;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Optional;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.hadoop.fs.Path;

/**
 * The records of one file, read as they are asked for; blank lines are passed over.
 *
 * <p>Bytes are parsed as ISO-8859-1, since separators and quotes are ASCII; each field is then read
 * as UTF-8, so that bytes which are not cost their own field and no other.
 */
final class CsvRecords implements Closeable {
  private final Path file;
  private final BoundedReader reader;
  private final CSVParser parser;
  private final Iterator<CSVRecord> records;

  private CsvRecords(Path file, BoundedReader reader, CsvDialect dialect) throws IOException {
    this.file = file;
    this.reader = reader;
    this.parser = CSVParser.parse(reader, dialect.format());
    this.records = parser.iterator();
  }

  /**
   * One record.
   *
   * @param line the line of the file it begins on, from 1
   * @param fields its fields, null where empty without quotes; never none
   */
  record CsvRecord(long line, Utf8[] fields) {}

  static CsvRecords open(Storage storage, Path file, CsvDialect dialect) {
    try {
      BoundedReader reader =
          new BoundedReader(
              new InputStreamReader(storage.openText(file), StandardCharsets.ISO_8859_1));
      return new CsvRecords(file, reader, dialect);
    } catch (IOException e) {
      throw ReadFailure.of(file, e);
    }
  }

  /**
   * The next record; empty at the end of the file.
   *
   * @throws InputException if the file cannot be read on, or its quotes cannot be paired
   */
  Optional<CsvRecord> next() {
    while (true) {
      long line = parser.getCurrentLineNumber() + 1;
      reader.beginRecord();
      try {
        if (!records.hasNext()) {
          return Optional.empty();
        }
      } catch (UncheckedIOException e) {
        throw e.getCause() instanceof CSVException csv
            ? unpaired(line, csv)
            : ReadFailure.of(file, e.getCause());
      }
      String[] bytes = records.next().values();
      boolean blank = bytes.length == 1 && bytes[0] == null;
      if (!blank) {
        return Optional.of(new CsvRecord(line, fields(bytes)));
      }
    }
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }

  private static Utf8[] fields(String[] bytes) {
    Utf8[] fields = new Utf8[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      fields[i] = bytes[i] == null ? null : Utf8.ofLatin1(bytes[i]);
    }
    return fields;
  }

  private InputException unpaired(long line, CSVException cause) {
    String message =
        "%s: the record that begins at line %d has a quote that never closes, or text after a closing quote (%s). "
            + "Double the quotes inside quoted fields; where quotes are ordinary characters, give --quote none";
    return new InputException(
        message.formatted(Storage.shown(file), line, cause.getMessage()), cause);
  }
}
