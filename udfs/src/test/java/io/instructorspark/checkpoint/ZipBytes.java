package io.instructorspark.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The bytes of a sound zip, to be made to lie. Positions of fields are those of the APPNOTE. */
final class ZipBytes {
  private static final int LOCAL = 0x0403_4b50;
  private static final int CENTRAL = 0x0201_4b50;
  private static final int END = 0x0605_4b50;

  private final ByteBuffer bytes;

  ZipBytes(byte[] zip) {
    this.bytes = ByteBuffer.wrap(zip.clone()).order(ByteOrder.LITTLE_ENDIAN);
  }

  ZipBytes local16(String name, int field, int value) {
    bytes.putShort(find(LOCAL, 30, name) + field, (short) value);
    return this;
  }

  ZipBytes local32(String name, int field, long value) {
    bytes.putInt(find(LOCAL, 30, name) + field, (int) value);
    return this;
  }

  ZipBytes central16(String name, int field, int value) {
    bytes.putShort(find(CENTRAL, 46, name) + field, (short) value);
    return this;
  }

  ZipBytes central32(String name, int field, long value) {
    bytes.putInt(find(CENTRAL, 46, name) + field, (int) value);
    return this;
  }

  int localStart(String name) {
    return find(LOCAL, 30, name);
  }

  ZipBytes end16(int field, int value) {
    bytes.putShort(find(END, 0, "") + field, (short) value);
    return this;
  }

  ZipBytes end32(int field, long value) {
    bytes.putInt(find(END, 0, "") + field, (int) value);
    return this;
  }

  /** Overwrites a text of the same length, wherever it stands. */
  ZipBytes rename(String old, String name) {
    byte[] from = old.getBytes(StandardCharsets.ISO_8859_1);
    byte[] to = name.getBytes(StandardCharsets.ISO_8859_1);
    if (from.length != to.length) {
      throw new AssertionError("%s and %s differ in length".formatted(old, name));
    }
    for (int at = 0; at <= bytes.limit() - from.length; at++) {
      if (bytes.slice(at, from.length).equals(ByteBuffer.wrap(from))) {
        bytes.put(at, to);
      }
    }
    return this;
  }

  /** The zip with a zip64 record, of these numbers, put before its end. */
  byte[] withZip64(long count, long size, long start, long recordAt) {
    int end = find(END, 0, "");
    ByteBuffer larger = ByteBuffer.allocate(bytes.limit() + 76).order(ByteOrder.LITTLE_ENDIAN);
    larger.put(bytes.slice(0, end));
    larger.putInt(0x0606_4b50).putLong(44).putShort((short) 45).putShort((short) 45);
    larger.putInt(0).putInt(0).putLong(count).putLong(count).putLong(size).putLong(start);
    larger
        .putInt(0x0706_4b50)
        .putInt(0)
        .putLong(recordAt < 0 ? recordAt : end + recordAt)
        .putInt(1);
    larger.put(bytes.slice(end, bytes.limit() - end));
    return larger.array();
  }

  byte[] done() {
    return bytes.array();
  }

  private int find(int mark, int headerBytes, String name) {
    byte[] ascii = name.getBytes(StandardCharsets.ISO_8859_1);
    for (int at = 0; at <= bytes.limit() - headerBytes - Math.max(ascii.length, 4); at++) {
      if (bytes.getInt(at) == mark
          && bytes.slice(at + headerBytes, ascii.length).equals(ByteBuffer.wrap(ascii))) {
        return at;
      }
    }
    throw new AssertionError("the zip has no " + name);
  }
}
