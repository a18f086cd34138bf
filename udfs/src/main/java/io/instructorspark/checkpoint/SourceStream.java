package io.instructorspark.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A {@link ByteSource} from its first byte to its last; closing it closes the source. */
final class SourceStream extends InputStream {
  private final ByteSource source;
  private final long size;
  private long position;

  SourceStream(ByteSource source) throws IOException {
    this.source = source;
    this.size = source.size();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    int count = (int) Math.min(length, size - position);
    if (count <= 0) {
      return length == 0 ? 0 : -1;
    }
    source.readFully(position, ByteBuffer.wrap(bytes, offset, count));
    position += count;
    return count;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
