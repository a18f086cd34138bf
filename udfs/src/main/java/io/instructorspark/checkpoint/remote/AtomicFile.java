package io.instructorspark.checkpoint.remote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A small file that other processes see whole or not at all. */
final class AtomicFile {
  private AtomicFile() {}

  /** Writes or replaces it; its folder is there. */
  static void write(Path file, byte[] content) throws IOException {
    Path draft = Files.createTempFile(file.getParent(), ".draft", "");
    try {
      Files.write(draft, content);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
