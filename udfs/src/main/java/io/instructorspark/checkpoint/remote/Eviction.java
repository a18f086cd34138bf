package io.instructorspark.checkpoint.remote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a cache below its bound and its disk from filling up: removes leftovers of copies that were
 * broken off, then the copies that no JVM has open, the longest unused first.
 */
final class Eviction {
  private static final Logger LOG = LoggerFactory.getLogger(Eviction.class);

  private final Path directory;
  private final long maxBytes;
  private final Disk disk;

  /** The disk that a cache is on. */
  @FunctionalInterface
  interface Disk {
    long free() throws IOException;
  }

  private record Entry(Path model, Path lock, long bytes, long lastUsed) {}

  Eviction(Path directory, long maxBytes, Disk disk) {
    this.directory = directory;
    this.maxBytes = maxBytes;
    this.disk = disk;
  }

  /**
   * Removes what it must and may, so that a file fits below the bound and on the disk. Where what
   * is in use leaves less room, the bound is passed and the log says so: work goes before tidiness.
   *
   * @param staged bytes on the disk that are not counted among the copies yet
   * @param file bytes to come
   */
  void makeRoom(long staged, long file) throws IOException {
    long bytes = staged + file;
    removeLeftovers();
    List<Entry> entries = entries();
    long used = entries.stream().mapToLong(Entry::bytes).sum();
    for (Entry entry : entries) {
      if (used + bytes <= maxBytes && file <= disk.free()) {
        return;
      }
      if (remove(directory, entry.model(), entry.lock())) {
        used -= entry.bytes();
        LOG.info("removed the unused copy {} ({} bytes)", entry.model(), entry.bytes());
      }
    }
    if (used + bytes > maxBytes) {
      LOG.warn(
          "the cache {} holds {} bytes that are in use, with {} more it passes its bound of {}",
          directory,
          used,
          bytes,
          maxBytes);
    }
  }

  /**
   * Removes a copy at once for all that look, then frees its bytes.
   *
   * @return false if a JVM has it open
   */
  static boolean remove(Path directory, Path model, Path lock) throws IOException {
    Path removed = removed(directory, model);
    boolean unused =
        EntriesInUse.ifUnused(
            lock,
            () -> {
              if (Files.isDirectory(model)) {
                Files.move(model, removed, StandardCopyOption.ATOMIC_MOVE);
              }
            });
    FileTree.delete(removed);
    return unused;
  }

  /** Where a copy goes to be deleted: nobody looks for it there, and leftovers are removed. */
  static Path removed(Path directory, Path model) {
    String name = "removed-%s-%s".formatted(model.getFileName(), UUID.randomUUID());
    return directory.resolve("incoming").resolve(name);
  }

  /** Longest unused first. */
  private List<Entry> entries() throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Path model : folders(directory.resolve("models"))) {
      Path lock = model.resolveSibling(model.getFileName() + ".lock");
      entries.add(new Entry(model, lock, FileTree.bytes(model), lastUsed(model)));
    }
    entries.sort(Comparator.comparingLong(Entry::lastUsed));
    return entries;
  }

  private static long lastUsed(Path model) throws IOException {
    try {
      return Files.getLastModifiedTime(model).toMillis();
    } catch (NoSuchFileException e) {
      return 0; // removed meanwhile
    }
  }

  /** A copy in the making is named after its location, whose lock its maker holds. */
  private void removeLeftovers() throws IOException {
    for (Path staged : folders(directory.resolve("incoming"))) {
      String name = staged.getFileName().toString();
      Path lock = directory.resolve("sources").resolve(name + ".lock");
      if (name.startsWith("removed-")) {
        FileTree.delete(staged);
      } else {
        Optional<MachineLock> nobodys = MachineLock.attempt(lock);
        if (nobodys.isPresent()) {
          try {
            FileTree.delete(staged);
          } finally {
            nobodys.get().close();
          }
        }
      }
    }
  }

  private static List<Path> folders(Path parent) throws IOException {
    try (Stream<Path> children = Files.list(parent)) {
      return children.filter(Files::isDirectory).toList();
    }
  }
}
