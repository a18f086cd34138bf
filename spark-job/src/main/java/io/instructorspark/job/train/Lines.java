package io.instructorspark.job.train;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** The lines of a stream as bytes, without their ends. Holds one line, up to 64 MiB. */
final class Lines {
  private static final int LONGEST = 1 << 26;

  private final InputStream in;
  private final byte[] block = new byte[1 << 16];
  private int at;
  private int end;

  Lines(InputStream in) {
    this.in = in;
  }

  /** The next line; null behind the last. */
  byte[] next() throws IOException {
    if (at == end && !fill()) {
      return null;
    }
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (at < end || fill()) {
      int from = at;
      while (at < end && block[at] != '\n') {
        at++;
      }
      line.write(block, from, at - from);
      if (line.size() > LONGEST) {
        throw new IOException("a line is longer than %d MiB".formatted(LONGEST >> 20));
      }
      if (at < end) {
        at++;
        break;
      }
    }
    return line.toByteArray();
  }

  private boolean fill() throws IOException {
    at = 0;
    end = Math.max(0, in.read(block));
    return end > 0;
  }
}
