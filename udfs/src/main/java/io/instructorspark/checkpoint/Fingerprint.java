package io.instructorspark.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The SHA-256 of a checkpoint's files. Says the same for the same files wherever they lie. */
final class Fingerprint {
  private static final int BUFFER = 1 << 20;

  /**
   * A driver asks for the same checkpoint at every plan; its weights are not read anew each time.
   */
  private static final Map<List<String>, String> KNOWN =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<List<String>, String> eldest) {
              return size() > 64;
            }
          });

  private Fingerprint() {}

  /**
   * The digest of these files, in the order given; remembered in this JVM while they do not change.
   */
  static String of(CheckpointFiles files, List<String> paths) {
    List<String> identity = new ArrayList<>();
    for (String path : paths) {
      try {
        identity.add(path + " " + files.identity(path));
      } catch (IOException e) {
        throw new CheckpointException("cannot read %s: %s".formatted(files.describe(path), e), e);
      }
    }
    return KNOWN.computeIfAbsent(identity, unknown -> digest(files, paths));
  }

  /** Digests name, size and content of each file, in the order given, with a bounded buffer. */
  private static String digest(CheckpointFiles files, List<String> paths) {
    MessageDigest digest = sha256();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    for (String path : paths) {
      try (ByteSource source = files.open(path)) {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        long size = source.size();
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(name.length).flip());
        digest.update(name);
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(size).flip());
        for (long position = 0; position < size; position += buffer.limit()) {
          buffer.clear().limit((int) Math.min(BUFFER, size - position));
          source.readFully(position, buffer);
          digest.update(buffer.flip());
        }
      } catch (IOException e) {
        throw new CheckpointException("cannot read %s: %s".formatted(files.describe(path), e), e);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must have SHA-256", e);
    }
  }
}
