package io.instructorspark.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of a zip that is not trusted (PKWARE APPNOTE 6.3.10, zip64 included; not split, not
 * encrypted). The central directory is bounded before it is read; what the end record, the
 * directory and each file's local header say must agree, and no two files may share a byte.
 */
final class ZipDirectory {
  /** That of a thousand layers fits in; that of a real model has some 50,000. */
  private static final int MAX_BYTES = 1 << 20;

  private static final int LOCAL_MARK = 0x0403_4b50;
  private static final int LOCAL_BYTES = 30;
  private static final int SIZES_FOLLOW = 8;

  private final ByteSource source;
  private final ZipEnd end;

  private ZipDirectory(ByteSource source) throws IOException {
    this.source = source;
    this.end = ZipEnd.read(source);
    if (end.directorySize() > MAX_BYTES) {
      throw broken(
          "its list of files has %d bytes, at most %d are read"
              .formatted(end.directorySize(), MAX_BYTES));
    }
  }

  /** The files by name, in the order of the directory. Folders have no place in it. */
  static Map<String, ZipMember> read(ByteSource source) throws IOException {
    return new ZipDirectory(source).members();
  }

  private Map<String, ZipMember> members() throws IOException {
    ByteBuffer directory = bytes(end.directoryStart(), (int) end.directorySize());
    Map<String, ZipMember> members = new LinkedHashMap<>();
    int count = 0;
    while (directory.hasRemaining()) {
      ZipMember central = ZipCentral.next(directory, source.name());
      ZipMember member = located(central);
      count++;
      if (!member.name().endsWith("/") && members.put(member.name(), member) != null) {
        throw broken("it holds %s twice".formatted(Printable.name(member.name())));
      }
    }
    if (count != end.count()) {
      throw broken("it says that it holds %d files, but lists %d".formatted(end.count(), count));
    }
    requireApart(members);
    return members;
  }

  /**
   * Finds a file's first byte, from its local header, which must tell the same as the directory.
   */
  private ZipMember located(ZipMember central) throws IOException {
    byte[] name = central.name().getBytes(StandardCharsets.UTF_8);
    long header = central.header();
    if (header < 0 || header > end.directoryStart() - LOCAL_BYTES - name.length) {
      throw broken("%s lies outside the file".formatted(Printable.name(central.name())));
    }
    ByteBuffer local = bytes(header, LOCAL_BYTES + name.length);
    int flags = local.getShort(6) & 0xffff;
    boolean same =
        local.getInt(0) == LOCAL_MARK
            && (local.getShort(26) & 0xffff) == name.length
            && ByteBuffer.wrap(name).equals(local.slice(LOCAL_BYTES, name.length))
            && (local.getShort(8) & 0xffff) == central.method()
            && agrees(local.getInt(18), central.packedSize(), flags)
            && agrees(local.getInt(22), central.size(), flags);
    if (!same) {
      throw broken(
          "its list of files and the header of %s say different things"
              .formatted(Printable.name(central.name())));
    }
    int extra = local.getShort(28) & 0xffff;
    ZipMember member = central.at(header + LOCAL_BYTES + name.length + extra);
    if (member.packedSize() < 0 || member.data() > end.directoryStart() - member.packedSize()) {
      throw broken("%s lies outside the file".formatted(Printable.name(central.name())));
    }
    return member;
  }

  /** A local size may be left to zip64 or, where a flag says so, to a record behind the data. */
  private static boolean agrees(int local, long central, int flags) {
    return local == (int) central || local == -1 || local == 0 && (flags & SIZES_FOLLOW) != 0;
  }

  private void requireApart(Map<String, ZipMember> members) {
    List<ZipMember> inOrder = new ArrayList<>(members.values());
    inOrder.sort(Comparator.comparingLong(ZipMember::header));
    for (int i = 1; i < inOrder.size(); i++) {
      if (inOrder.get(i).header() < inOrder.get(i - 1).end()) {
        throw broken(
            "its files %s and %s overlap"
                .formatted(
                    Printable.name(inOrder.get(i - 1).name()),
                    Printable.name(inOrder.get(i).name())));
      }
    }
  }

  private ByteBuffer bytes(long position, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    source.readFully(position, bytes);
    return bytes.flip().order(ByteOrder.LITTLE_ENDIAN);
  }

  private CheckpointException broken(String reason) {
    return new CheckpointException("%s is a broken zip: %s".formatted(source.name(), reason));
  }
}
