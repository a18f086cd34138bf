package io.instructorspark.checkpoint.remote;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a machine keeps its copies of checkpoints, and how many.
 *
 * @param directory a folder of the machine that asks, the same on all; null for each machine's own:
 *     the environment variable {@link MachineVariable#INSTRUCTOR_CACHE}, else {@code
 *     instructor-spark} in {@code XDG_CACHE_HOME} or {@code ~/.cache}, else, where the user has no
 *     home to write to, a folder of the user's in the system's temporary one
 * @param maxBytes bytes that all copies together may have; unused ones make room, the longest
 *     unused first
 */
public record CacheSettings(String directory, long maxBytes) implements Serializable {
  static final String VARIABLE = MachineVariable.INSTRUCTOR_CACHE.name();

  /** Room for ten copies of instructor-xl in fp32. */
  public static final long DEFAULT_MAX_BYTES = 50L << 30;

  /** Each machine's own folder, {@link #DEFAULT_MAX_BYTES}. */
  public static final CacheSettings DEFAULT = new CacheSettings(null, DEFAULT_MAX_BYTES);

  private static final Logger LOG = LoggerFactory.getLogger(CacheSettings.class);
  private static final String NAME = "instructor-spark";

  /** Checks the range. */
  public CacheSettings {
    if (maxBytes < 1) {
      throw new IllegalArgumentException("the cache's maximum size must be > 0, got " + maxBytes);
    }
    if (directory != null && directory.isBlank()) {
      throw new IllegalArgumentException("the cache's directory is blank; give a folder, or none");
    }
  }

  /**
   * The folder on this machine, made if need be and open to this user alone.
   *
   * @throws IOException if it cannot be made or written
   */
  Path onThisMachine() throws IOException {
    return onThisMachine(System.getenv());
  }

  Path onThisMachine(Map<String, String> environment) throws IOException {
    String chosen =
        directory != null
            ? directory
            : MachineVariable.INSTRUCTOR_CACHE.in(environment).orElse(null);
    if (chosen != null) {
      return real(made(Path.of(chosen)));
    }
    try {
      return real(made(usual(environment)));
    } catch (IOException e) {
      Path temporary =
          Path.of(System.getProperty("java.io.tmpdir"))
              .resolve(NAME + "-" + System.getProperty("user.name", "unknown"));
      LOG.debug("{} holds the cache instead: {}", temporary, e.toString());
      return real(own(made(temporary)));
    }
  }

  /** A user without an entry among the system's users has {@code ?} for a home. */
  private static Path usual(Map<String, String> environment) throws IOException {
    String xdg = MachineVariable.XDG_CACHE_HOME.in(environment).orElse(null);
    if (xdg != null && xdg.startsWith("/")) {
      return Path.of(xdg, NAME);
    }
    Path home = Path.of(System.getProperty("user.home", ""));
    if (!home.isAbsolute()) {
      throw new IOException("this user has no home folder");
    }
    return home.resolve(".cache").resolve(NAME);
  }

  /** One name for each file, so that threads that came by two do not undo each other's locks. */
  private static Path real(Path folder) throws IOException {
    return folder.toRealPath();
  }

  private static Path made(Path folder) throws IOException {
    Path absolute = folder.toAbsolutePath().normalize();
    try {
      if (!Files.isDirectory(absolute)) {
        Files.createDirectories(absolute.getParent());
        makePrivate(absolute);
      }
    } catch (IOException e) {
      throw new IOException(
          ("the cache of checkpoints %s cannot be made: %s. Name a folder that this user may"
                  + " write with the environment variable %s")
              .formatted(absolute, e, VARIABLE),
          e);
    }
    if (!Files.isWritable(absolute)) {
      throw new IOException(
          ("the cache of checkpoints %s may not be written by this user. Name another folder with"
                  + " the environment variable %s")
              .formatted(absolute, VARIABLE));
    }
    return absolute;
  }

  /** Two processes may make it at once: the second finds it there. */
  private static void makePrivate(Path folder) throws IOException {
    boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    try {
      if (posix) {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } else {
        Files.createDirectory(folder);
      }
    } catch (java.nio.file.FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
  }

  /** In a folder that everybody writes to, somebody else may have put one of this name. */
  private static Path own(Path folder) throws IOException {
    UserPrincipal owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS);
    if (Files.isSymbolicLink(folder) || !owner.equals(thisUser(folder))) {
      throw new IOException(
          ("%s belongs to %s, not to this user, so no checkpoint is kept there. Name another folder"
                  + " with the environment variable %s")
              .formatted(folder, owner.getName(), VARIABLE));
    }
    return folder;
  }

  /** As the file system names the user: Java's own name is {@code ?} for one that has none. */
  private static UserPrincipal thisUser(Path folder) throws IOException {
    Path mine = Files.createTempFile(folder, ".owner", "");
    try {
      return Files.getOwner(mine);
    } finally {
      Files.delete(mine);
    }
  }
}
