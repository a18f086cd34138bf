package io.instructorspark.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Fixture checkpoints, and copies of them to spoil. */
final class Folders {
  private Folders() {}

  static Path fixture(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(Folders.class.getResource("/fixtures/" + name), name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** Copies a fixture, golden vectors left out, into a folder of its own below {@code parent}. */
  static Path copy(String fixture, Path parent) {
    return copy(fixture(fixture), parent.resolve(fixture));
  }

  static void replace(Path file, String old, String replacement) {
    try {
      String content = Files.readString(file);
      if (!content.contains(old)) {
        throw new AssertionError("%s does not contain %s".formatted(file, old));
      }
      Files.writeString(file, content.replace(old, replacement));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies a folder, golden vectors left out. */
  static Path copy(Path from, Path to) {
    try (Stream<Path> walk = Files.walk(from)) {
      List<Path> paths = walk.filter(path -> !path.endsWith("golden.jsonl")).toList();
      for (Path path : paths) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
      return to;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
