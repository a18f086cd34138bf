package io.instructorspark.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The bytes of a pickle, read forwards. Its errors are {@link IllegalStateException}s. */
final class PickleBytes {
  private static final int MAX_TEXT = 1_000;

  private final ByteBuffer bytes;

  PickleBytes(ByteBuffer bytes) {
    this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  int position() {
    return bytes.position();
  }

  int unsignedByte() {
    require(1);
    return bytes.get() & 0xff;
  }

  int unsignedShort() {
    require(2);
    return bytes.getShort() & 0xffff;
  }

  int int32() {
    require(4);
    return bytes.getInt();
  }

  long unsignedInt() {
    return int32() & 0xffff_ffffL;
  }

  long int64() {
    require(8);
    return bytes.getLong();
  }

  /** The one big-endian number of the format. */
  double float64() {
    return Double.longBitsToDouble(Long.reverseBytes(int64()));
  }

  /** A two's complement number of this many bytes, at most eight. */
  long signed(int count) {
    if (count > Long.BYTES) {
      throw new IllegalStateException("it holds a whole number of %d bytes".formatted(count));
    }
    require(count);
    long value = 0;
    for (int i = 0; i < count; i++) {
      value |= (bytes.get() & 0xffL) << (8 * i);
    }
    int unused = Long.SIZE - 8 * count;
    return count == 0 ? 0 : value << unused >> unused;
  }

  String text(long length) {
    require(length);
    if (length > MAX_TEXT) {
      throw new IllegalStateException(
          "it holds a text of %d bytes, at most %d are read".formatted(length, MAX_TEXT));
    }
    ByteBuffer text = bytes.slice(bytes.position(), (int) length);
    bytes.position(bytes.position() + (int) length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalStateException("it holds a text that is not UTF-8", e);
    }
  }

  /** The text up to the next line feed, which is skipped. */
  String line() {
    int start = bytes.position();
    int end = start;
    while (end < bytes.limit() && bytes.get(end) != '\n') {
      end++;
    }
    if (end == bytes.limit() || end - start > MAX_TEXT) {
      throw new IllegalStateException("it holds a name without an end");
    }
    String line = text(end - start);
    bytes.get();
    return line;
  }

  void require(long count) {
    if (count < 0 || count > bytes.remaining()) {
      throw new IllegalStateException("it ends too early");
    }
  }
}
