package io.instructorspark.job.rows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.StringJoiner;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;

/** The rows of one csv file below its header, the problem of each as the last field. */
final class CsvRows implements Iterator<Row> {
  private final CsvRecords records;
  private final List<String> header;
  private Optional<CsvRecords.CsvRecord> next;

  private CsvRows(CsvRecords records, List<String> header) {
    this.records = records;
    this.header = header;
    records.next();
    this.next = records.next();
  }

  static CsvRows open(Storage storage, Path file, CsvDialect dialect, List<String> header) {
    CsvRecords records = CsvRecords.open(storage, file, dialect);
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) end -> close(records));
    return new CsvRows(records, header);
  }

  @Override
  public boolean hasNext() {
    return next.isPresent();
  }

  @Override
  public Row next() {
    CsvRecords.CsvRecord record = next.orElseThrow(NoSuchElementException::new);
    Row row = row(record);
    next = records.next();
    return row;
  }

  private static void close(CsvRecords records) {
    try {
      records.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Row row(CsvRecords.CsvRecord record) {
    Utf8[] fields = record.fields();
    Object[] values = new Object[header.size() + 1];
    for (int i = 0; i < Math.min(fields.length, header.size()); i++) {
      values[i] = fields[i] == null ? null : fields[i].text();
    }
    values[header.size()] = problem(record);
    return RowFactory.create(values);
  }

  private String problem(CsvRecords.CsvRecord record) {
    Utf8[] fields = record.fields();
    StringJoiner problem = new StringJoiner("; ").setEmptyValue("");
    if (fields.length != header.size()) {
      problem.add(
          "line %d has %d %s where the header has %d"
              .formatted(
                  record.line(),
                  fields.length,
                  fields.length == 1 ? "field" : "fields",
                  header.size()));
    }
    for (int i = 0; i < Math.min(fields.length, header.size()); i++) {
      if (fields[i] != null && !fields[i].isValid()) {
        problem.add(
            "line %d has invalid UTF-8 at byte %d of '%s'"
                .formatted(record.line(), fields[i].invalidByte(), header.get(i)));
      }
    }
    return problem.length() == 0 ? null : problem.toString();
  }
}
