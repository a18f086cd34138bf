package io.instructorspark.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** Shows a {@link ByteSource} to commons-compress. Closing it leaves the source open. */
final class SourceChannel implements SeekableByteChannel {
  private final ByteSource source;
  private long position;
  private boolean open = true;

  SourceChannel(ByteSource source) {
    this.source = source;
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    requireOpen();
    long rest = size() - position;
    if (rest <= 0) {
      return -1;
    }
    int limit = dst.limit();
    int count = (int) Math.min(rest, dst.remaining());
    try {
      source.readFully(position, dst.limit(dst.position() + count));
    } finally {
      dst.limit(limit);
    }
    position += count;
    return count;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long newPosition) throws IOException {
    requireOpen();
    if (newPosition < 0) {
      throw new IOException("%s points before its own start".formatted(source.name()));
    }
    position = newPosition;
    return this;
  }

  @Override
  public long size() throws IOException {
    return source.size();
  }

  @Override
  public int write(ByteBuffer src) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new NonWritableChannelException();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }

  private void requireOpen() throws ClosedChannelException {
    if (!open) {
      throw new ClosedChannelException();
    }
  }
}
