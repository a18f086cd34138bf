package io.instructorspark.checkpoint.remote;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One repository in the cache that the hub's Python client keeps and finds again: contents in
 * {@code blobs} by etag, and for each commit a folder of links to them.
 */
final class HubCache {
  private static final Logger LOG = LoggerFactory.getLogger(HubCache.class);

  private final Path locks;
  private final Path folder;
  private final boolean links;

  HubCache(HubSettings settings, String repository) {
    String name = "models--" + repository.replace("/", "--");
    this.locks = settings.cache().resolve(".locks").resolve(name);
    this.folder = settings.cache().resolve(name);
    this.links = settings.links();
  }

  Path folder() {
    return folder;
  }

  /** Makes the folders that a download needs, so that a cache that cannot be written says so. */
  void makeFolders() throws IOException {
    Files.createDirectories(folder.resolve("blobs"));
    Files.createDirectories(locks);
  }

  Path blob(String etag) {
    return folder.resolve("blobs").resolve(etag);
  }

  /**
   * Where this program gathers a blob. Python's own partial files have other names: its locks and
   * Java's do not see each other.
   */
  Path partial(String etag) {
    return folder.resolve("blobs").resolve(etag + ".instructor.incomplete");
  }

  Path lock(String etag) {
    return locks.resolve(etag + ".lock");
  }

  Path snapshot(String commit) {
    return folder.resolve("snapshots").resolve(commit);
  }

  /** The file of a commit, if its content is there. */
  Optional<Path> file(String commit, String path) {
    return Optional.of(inside(snapshot(commit), path)).filter(Files::isRegularFile);
  }

  /** Whether a commit is known to lack the file. */
  boolean lacks(String commit, String path) {
    return Files.isRegularFile(inside(folder.resolve(".no_exist").resolve(commit), path));
  }

  /** Remembers that a commit lacks a file. */
  void rememberMissing(String commit, String path) {
    Path mark = inside(folder.resolve(".no_exist").resolve(commit), path);
    try {
      Files.createDirectories(mark.getParent());
      Files.createFile(mark);
    } catch (FileAlreadyExistsException e) {
      LOG.debug("{} is there", mark);
    } catch (IOException e) {
      LOG.warn("cannot remember in {} that a file does not exist: {}", mark, e.toString());
    }
  }

  /** What a revision was when it was last asked for. */
  Optional<String> commit(String revision) {
    Path ref = inside(folder.resolve("refs"), revision);
    if (!Files.isRegularFile(ref)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(ref).strip()).filter(HubLocation::isCommit);
    } catch (IOException e) {
      LOG.warn("cannot read {}: {}", ref, e.toString());
      return Optional.empty();
    }
  }

  /** Remembers what a revision is. A cache that cannot be written may still be read. */
  void remember(String revision, String commit) {
    if (revision.equals(commit) || commit(revision).filter(commit::equals).isPresent()) {
      return;
    }
    Path ref = inside(folder.resolve("refs"), revision);
    Path fresh = sibling(ref);
    try {
      Files.createDirectories(ref.getParent());
      Files.writeString(fresh, commit);
      publish(fresh, ref);
    } catch (IOException e) {
      LOG.warn("cannot remember in {} that it is {}: {}", ref, commit, e.toString());
    }
  }

  /** The commits of which something is there. */
  List<String> commits() throws IOException {
    Path snapshots = folder.resolve("snapshots");
    if (!Files.isDirectory(snapshots)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(snapshots)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(HubLocation::isCommit)
          .sorted()
          .toList();
    }
  }

  /**
   * Puts a blob that is there into a commit's folder: by a relative link, or where there are no
   * links as a file of its own.
   *
   * @param fresh whether no other commit can use the blob yet, so that it may be moved
   */
  Path enter(String etag, String commit, String path, boolean fresh) throws IOException {
    Path entry = inside(snapshot(commit), path);
    Path blob = blob(etag);
    Files.createDirectories(entry.getParent());
    Path prepared = sibling(entry);
    if (!linked(prepared, entry.getParent().relativize(blob))) {
      if (fresh) {
        publish(blob, entry);
        return entry;
      }
      Files.copy(blob, prepared);
    }
    publish(prepared, entry);
    return entry;
  }

  private boolean linked(Path link, Path target) {
    if (!links) {
      return false;
    }
    try {
      Files.createSymbolicLink(link, target);
      return true;
    } catch (IOException | UnsupportedOperationException | SecurityException e) {
      LOG.debug("no symbolic links in {}: {}", link.getParent(), e.toString());
      return false;
    }
  }

  static void publish(Path prepared, Path place) throws IOException {
    try {
      Files.move(prepared, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      LOG.debug("{} cannot be renamed in one step: {}", prepared, e.toString());
      Files.move(prepared, place, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static Path sibling(Path place) {
    return place.resolveSibling(
        place.getFileName() + "." + UUID.randomUUID().toString().substring(0, 8) + ".tmp");
  }

  /**
   * A path below a folder of the cache.
   *
   * @throws IllegalArgumentException if it could lead elsewhere
   */
  private static Path inside(Path folder, String path) {
    Path inside = folder;
    for (String part : path.split("/", -1)) {
      if (part.isEmpty()
          || part.equals(".")
          || part.equals("..")
          || part.chars().anyMatch(c -> c < ' ' || c == '\\' || c == ':' || c == 127)) {
        throw new IllegalArgumentException(
            "\"%s\" is no plain path of a file inside a repository".formatted(path));
      }
      inside = inside.resolve(part);
    }
    return inside;
  }
}
