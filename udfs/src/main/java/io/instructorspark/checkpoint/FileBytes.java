package io.instructorspark.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file on disk. Nothing is mapped, so closing it frees it at once on every system. */
final class FileBytes implements ByteSource {
  /** The JDK copies reads into heap buffers through a native buffer of the same size: bound it. */
  private static final int MAX_READ = 4 << 20;

  private final String name;
  private final FileChannel channel;

  FileBytes(Path path) throws IOException {
    this(path, path.toString());
  }

  /**
   * @param name what to call it in an error
   */
  FileBytes(Path path, String name) throws IOException {
    this.name = name;
    this.channel = FileChannel.open(path, StandardOpenOption.READ);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public void readFully(long position, ByteBuffer dst) throws IOException {
    int end = dst.limit();
    long from = position;
    try {
      while (dst.position() < end) {
        dst.limit(Math.min(end, dst.position() + Math.min(MAX_READ, end - dst.position())));
        int count = channel.read(dst, from);
        if (count < 0) {
          throw new EOFException("%s ends before byte %d".formatted(name, from));
        }
        from += count;
      }
    } finally {
      dst.limit(end);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
