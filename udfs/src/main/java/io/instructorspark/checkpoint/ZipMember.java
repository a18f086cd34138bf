package io.instructorspark.checkpoint;

/**
 * A file in a zip, in the words of its central directory.
 *
 * @param method how it is compressed, 0 for not at all
 * @param flags the format's general purpose bits
 * @param crc CRC-32 of its content
 * @param header position of its local header in the zip
 * @param data position of its first byte in the zip
 */
record ZipMember(
    String name,
    int method,
    int flags,
    int crc,
    long packedSize,
    long size,
    long header,
    long data) {
  private static final int ENCRYPTED = 1;

  /** Whether its bytes lie in the zip as they are. */
  boolean isPlain() {
    return method == 0 && (flags & ENCRYPTED) == 0 && packedSize == size;
  }

  long end() {
    return data + packedSize;
  }

  ZipMember at(long dataStart) {
    return new ZipMember(name, method, flags, crc, packedSize, size, header, dataStart);
  }
}
