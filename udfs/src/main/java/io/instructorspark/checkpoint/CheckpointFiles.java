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
  /** Configs and headers are read whole; none of a real model comes near this. */
  int MAX_TEXT_BYTES = 100_000_000;

  /** What to call this file in an error; the empty path is the checkpoint itself. */
  String describe(String path);

  boolean has(String path);

  /** The SHA-256 of a file's content, in hex. */
  String sha256(String path) throws IOException;

  /** The folder on this machine that all files are read from; empty if there is none. */
  default Optional<Path> folder() throws IOException {
    return Optional.empty();
  }

  /** Opens a file; the caller closes it. */
  ByteSource open(String path) throws IOException;

  /** The whole content of a UTF-8 file. */
  default String text(String path) {
    if (!has(path)) {
      throw new CheckpointException(
          "there is no %s. Download the whole repository, sub-folders included"
              .formatted(describe(path)));
    }
    try (ByteSource source = open(path)) {
      if (source.size() > MAX_TEXT_BYTES) {
        throw new CheckpointException(
            "%s has %d bytes, at most %d are read"
                .formatted(source.name(), source.size(), MAX_TEXT_BYTES));
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) source.size());
      source.readFully(0, bytes);
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw new CheckpointException("%s is not UTF-8 text".formatted(describe(path)), e);
    } catch (IOException e) {
      throw new CheckpointException("cannot read %s: %s".formatted(describe(path), e), e);
    }
  }
}
