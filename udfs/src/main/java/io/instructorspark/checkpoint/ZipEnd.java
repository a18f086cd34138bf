package io.instructorspark.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The record at a zip's end, with its zip64 form where there is one: how many files there are and
 * where their list lies, which is known to be inside the file.
 */
record ZipEnd(long count, long directoryStart, long directorySize) {
  private static final int MARK = 0x0605_4b50;
  private static final int BYTES = 22;
  private static final int MAX_COMMENT = 0xffff;
  private static final int LOCATOR_MARK = 0x0706_4b50;
  private static final int LOCATOR_BYTES = 20;
  private static final int MARK_64 = 0x0606_4b50;
  private static final int BYTES_64 = 56;

  static ZipEnd read(ByteSource source) throws IOException {
    long size = source.size();
    int tailSize = (int) Math.min(size, BYTES + MAX_COMMENT + LOCATOR_BYTES);
    ByteBuffer tail = bytes(source, size - tailSize, tailSize);
    int at = find(tail);
    if (at < 0) {
      throw broken(source, "it has no list of its files, so it is cut short");
    }
    long end = size - tailSize + at;
    ZipEnd small =
        new ZipEnd(
            tail.getShort(at + 10) & 0xffff,
            tail.getInt(at + 16) & 0xffff_ffffL,
            tail.getInt(at + 12) & 0xffff_ffffL);
    boolean zip64 = at >= LOCATOR_BYTES && tail.getInt(at - LOCATOR_BYTES) == LOCATOR_MARK;
    if (!zip64) {
      return small.checked(source, end);
    }
    long position = tail.getLong(at - LOCATOR_BYTES + 8);
    if (position < 0 || position > end - LOCATOR_BYTES - BYTES_64) {
      throw broken(source, "its zip64 record lies outside the file");
    }
    ByteBuffer record = bytes(source, position, BYTES_64);
    if (record.getInt(0) != MARK_64) {
      throw broken(source, "its zip64 record is missing");
    }
    ZipEnd large = new ZipEnd(record.getLong(32), record.getLong(48), record.getLong(40));
    boolean same =
        agrees(small.count, large.count, 0xffff)
            && agrees(small.directoryStart, large.directoryStart, 0xffff_ffffL)
            && agrees(small.directorySize, large.directorySize, 0xffff_ffffL);
    if (!same) {
      throw broken(source, "its two end records say different things");
    }
    return large.checked(source, position);
  }

  /** The list must fill the space up to the record that tells of it. */
  private ZipEnd checked(ByteSource source, long recordStart) {
    if (count < 0
        || directoryStart < 0
        || directorySize < 0
        || directorySize > recordStart
        || directoryStart != recordStart - directorySize) {
      throw broken(source, "the list of its files is not where its end says");
    }
    return this;
  }

  private static boolean agrees(long small, long large, long saturated) {
    return small == large || small == saturated;
  }

  private static int find(ByteBuffer tail) {
    for (int at = tail.limit() - BYTES; at >= 0; at--) {
      if (tail.getInt(at) == MARK
          && at + BYTES + (tail.getShort(at + 20) & 0xffff) == tail.limit()) {
        return at;
      }
    }
    return -1;
  }

  private static ByteBuffer bytes(ByteSource source, long position, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    source.readFully(position, bytes);
    return bytes.flip().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static CheckpointException broken(ByteSource source, String reason) {
    return new CheckpointException("%s is a broken zip: %s".formatted(source.name(), reason));
  }
}
