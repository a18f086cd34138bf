package io.instructorspark.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One record of a zip's central directory. */
final class ZipCentral {
  private static final int MARK = 0x0201_4b50;
  private static final int BYTES = 46;
  private static final int MAX_NAME = 1_000;
  private static final int ZIP64 = 1;
  private static final long SATURATED = 0xffff_ffffL;

  private ZipCentral() {}

  /** Reads the record at the directory's position; its data's place is not known yet. */
  static ZipMember next(ByteBuffer directory, String where) {
    try {
      return read(directory);
    } catch (IllegalStateException | CharacterCodingException e) {
      throw new CheckpointException(
          "%s is a broken zip: the list of its files %s".formatted(where, e.getMessage()), e);
    }
  }

  private static ZipMember read(ByteBuffer directory) throws CharacterCodingException {
    ByteBuffer record = take(directory, BYTES);
    if (record.getInt(0) != MARK) {
      throw new IllegalStateException("holds something else");
    }
    String name = name(take(directory, record.getShort(28) & 0xffff));
    ByteBuffer extra = take(directory, record.getShort(30) & 0xffff);
    take(directory, record.getShort(32) & 0xffff); // comment
    long size = record.getInt(24) & SATURATED;
    long packedSize = record.getInt(20) & SATURATED;
    long header = record.getInt(42) & SATURATED;
    if (size == SATURATED || packedSize == SATURATED || header == SATURATED) {
      ByteBuffer large = zip64(extra);
      size = size == SATURATED ? next(large) : size;
      packedSize = packedSize == SATURATED ? next(large) : packedSize;
      header = header == SATURATED ? next(large) : header;
    }
    if (size < 0 || packedSize < 0 || header < 0) {
      throw new IllegalStateException("has a negative size");
    }
    return new ZipMember(
        name,
        record.getShort(10) & 0xffff,
        record.getShort(8) & 0xffff,
        record.getInt(16),
        packedSize,
        size,
        header,
        -1);
  }

  private static String name(ByteBuffer utf8) throws CharacterCodingException {
    String name = StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    boolean leaves =
        name.isEmpty()
            || name.startsWith("/")
            || name.chars().anyMatch(c -> c < ' ' || c == '\\' || c == ':')
            || Arrays.asList(name.split("/")).contains("..");
    if (leaves || name.length() > MAX_NAME) {
      throw new IllegalStateException(
          "has the name \"%s\", which torch.save never gives".formatted(Printable.name(name)));
    }
    return name;
  }

  private static ByteBuffer zip64(ByteBuffer extra) {
    while (extra.remaining() >= 4) {
      int id = extra.getShort() & 0xffff;
      ByteBuffer field = take(extra, extra.getShort() & 0xffff);
      if (id == ZIP64) {
        return field;
      }
    }
    throw new IllegalStateException("lacks a zip64 size");
  }

  private static long next(ByteBuffer field) {
    return take(field, Long.BYTES).getLong();
  }

  private static ByteBuffer take(ByteBuffer from, int count) {
    if (count > from.remaining()) {
      throw new IllegalStateException("ends too early");
    }
    ByteBuffer taken = from.slice(from.position(), count).order(ByteOrder.LITTLE_ENDIAN);
    from.position(from.position() + count);
    return taken;
  }
}
