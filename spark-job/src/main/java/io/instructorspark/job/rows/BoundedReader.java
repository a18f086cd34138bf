package io.instructorspark.job.rows;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import org.apache.commons.csv.CSVException;

/**
 * Stops a record that grows past all measure: a quote that never closes would otherwise take the
 * rest of the file into memory.
 */
final class BoundedReader extends FilterReader {
  private static final int MAX_RECORD = 1 << 27;

  private long sinceRecord;

  BoundedReader(Reader in) {
    super(in);
  }

  void beginRecord() {
    sinceRecord = 0;
  }

  @Override
  public int read() throws IOException {
    int read = super.read();
    count(read < 0 ? 0 : 1);
    return read;
  }

  @Override
  public int read(char[] target, int offset, int length) throws IOException {
    int read = super.read(target, offset, length);
    count(read);
    return read;
  }

  private void count(int read) throws CSVException {
    sinceRecord += Math.max(0, read);
    if (sinceRecord > MAX_RECORD) {
      throw new CSVException("one record of more than %d MiB", MAX_RECORD >> 20);
    }
  }
}
