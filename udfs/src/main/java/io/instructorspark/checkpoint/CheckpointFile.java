package io.instructorspark.checkpoint;

import java.io.IOException;

/**
 * One file of a checkpoint.
 *
 * @param path below the checkpoint's top, with {@code /} between folders
 * @param size bytes
 * @param sha256 of its content, in hex
 */
public record CheckpointFile(String path, long size, String sha256) {
  static CheckpointFile of(CheckpointFiles files, String path) {
    try (ByteSource source = files.open(path)) {
      return new CheckpointFile(path, source.size(), files.sha256(path));
    } catch (IOException e) {
      throw new CheckpointException("cannot read %s: %s".formatted(files.describe(path), e), e);
    }
  }
}
