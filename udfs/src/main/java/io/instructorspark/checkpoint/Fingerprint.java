package io.instructorspark.checkpoint;

import io.instructorspark.checkpoint.remote.Sha256;
import java.io.IOException;
import java.util.List;

/**
 * The SHA-256 of a checkpoint's files. Says the same for the same files wherever they lie, and can
 * be repeated with {@code sha256sum FILES | sha256sum}, the paths in order.
 */
final class Fingerprint {
  private Fingerprint() {}

  /** The digest over digest and path of each file, in the order given. */
  static String of(CheckpointFiles files, List<String> paths) {
    StringBuilder lines = new StringBuilder();
    for (String path : paths) {
      try {
        lines.append(files.sha256(path)).append("  ").append(path).append('\n');
      } catch (IOException e) {
        throw new CheckpointException("cannot read %s: %s".formatted(files.describe(path), e), e);
      }
    }
    return Sha256.of(lines.toString());
  }
}
