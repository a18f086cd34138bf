package io.instructorspark.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the files of one checkpoint lie. Paths are relative to its top, with {@code /} between
 * folders, and come from {@link RelativePath}. Immutable; holds nothing open.
 */
interface CheckpointFiles {
  /** A config is read whole; those of real models have a few thousand bytes. */
  int MAX_CONFIG_BYTES = 1 << 20;

  /** So is a header, a list of shards, or a pickle; instructor-xl's have some 50,000 bytes. */
  int MAX_HEADER_BYTES = 4 << 20;

  /** What to call this file in an error; the empty path is the checkpoint itself. */
  String describe(String path);

  boolean has(String path);

  /**
   * Refuses to go on without a file that may be there all the same; for files whose absence changes
   * vectors, or is to be reported.
   *
   * @throws CheckpointException if it is not certain that there is none
   */
  default void requireLacking(String path) {}

  /** The SHA-256 of a file's content, in hex. */
  String sha256(String path) throws IOException;

  /** The folder on this machine that all files are read from; empty if there is none. */
  default Optional<Path> folder() throws IOException {
    return Optional.empty();
  }

  /** Opens a file; the caller closes it. */
  ByteSource open(String path) throws IOException;

  /** The whole content of a config. */
  default String text(String path) {
    return text(path, MAX_CONFIG_BYTES);
  }

  /** The whole content of a UTF-8 file that may have this many bytes. */
  default String text(String path, int maxBytes) {
    if (!has(path)) {
      requireLacking(path);
      throw new CheckpointException(
          "there is no %s. Download the whole repository, sub-folders included"
              .formatted(describe(path)));
    }
    try (ByteSource source = open(path)) {
      if (source.size() > maxBytes) {
        throw new CheckpointException(
            "%s has %d bytes, at most %d are read; no INSTRUCTOR model comes near that"
                .formatted(source.name(), source.size(), maxBytes));
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) source.size());
      source.readFully(0, bytes);
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw new CheckpointException("%s is not UTF-8 text".formatted(describe(path)), e);
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot read %s: %s".formatted(describe(path), Reason.of(e)), e);
    }
  }
}
