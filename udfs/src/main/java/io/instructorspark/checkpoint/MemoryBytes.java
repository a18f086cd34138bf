package io.instructorspark.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file that was read into memory whole. */
record MemoryBytes(String name, ByteBuffer content) implements ByteSource {
  MemoryBytes {
    content = content.slice().asReadOnlyBuffer();
  }

  @Override
  public long size() {
    return content.capacity();
  }

  @Override
  public void readFully(long position, ByteBuffer dst) throws IOException {
    if (position < 0 || position > size() - dst.remaining()) {
      throw new EOFException(
          "%s ends before byte %d".formatted(name, position + dst.remaining() - 1));
    }
    dst.put(content.slice((int) position, dst.remaining()));
  }

  @Override
  public void close() {}
}
