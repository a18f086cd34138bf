package io.instructorspark.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The file that a page is written to. It may replace a page of its own kind, and nothing else.
 *
 * @param path of the file
 * @param kind of the page
 * @param option by which the user named the file, for messages
 */
public record PageFile(Path path, PageKind kind, String option) {
  /**
   * Checks before the work that the page will have a place; changes nothing.
   *
   * @throws IllegalArgumentException if a file is there that is no such page, or a folder, or if
   *     its folder cannot be made because a file stands in its way
   */
  public void requirePlace() {
    if (Files.isDirectory(path)) {
      throw new IllegalArgumentException(
          "%s is a folder; %s takes a file, as %s"
              .formatted(path, option, path.resolve("page.html")));
    }
    if (Files.exists(path) && !isSuchPage()) {
      throw new IllegalArgumentException(
          "%s is there already and is no page of %s, so it is not replaced; choose another %s"
              .formatted(path, kind.content(), option));
    }
    Path folder = path.toAbsolutePath().getParent();
    while (folder != null && !Files.exists(folder)) {
      folder = folder.getParent();
    }
    if (folder != null && !Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          "%s cannot be written: %s is a file, and would have to be a folder; choose another %s"
              .formatted(path, folder, option));
    }
  }

  /**
   * Writes a page, its folders made if need be.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  public void write(String html) {
    try {
      Path folder = path.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.write(path, html.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the page cannot be written to %s; see to the folder's rights and space, or choose another %s"
              .formatted(path, option),
          e);
    }
  }

  private boolean isSuchPage() {
    if (!Files.isRegularFile(path)) {
      return false;
    }
    byte[] head = kind.head().getBytes(StandardCharsets.UTF_8);
    try (InputStream in = Files.newInputStream(path)) {
      return Arrays.equals(in.readNBytes(head.length), head);
    } catch (IOException e) {
      throw new UncheckedIOException("%s cannot be read".formatted(path), e);
    }
  }
}
