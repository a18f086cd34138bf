package io.instructorspark.checkpoint.remote;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SHA-256 of files on this machine's disks. That of a large file is remembered in the machine's
 * cache under the file's real path, size, times of change and inode, so that it is computed once,
 * whatever the number of processes that ask. Nothing is written beside the file itself: its folder
 * may be read-only, and what lies there is not trusted. Thread-safe.
 */
public final class FileDigests {
  private static final Logger LOG = LoggerFactory.getLogger(FileDigests.class);

  /** Smaller files are read anew: that takes no longer than looking it up. */
  private static final long REMEMBERED_FROM = 4L << 20;

  /** A file that changed just now may change again within one tick of its file system's clock. */
  private static final Duration SETTLED = Duration.ofSeconds(2);

  private static final int MAX_REMEMBERED = 2_000;

  /** What was warned of in this JVM: one sentence for each cache, not two for each file. */
  private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

  private final CacheSettings cache;

  /** Digests are kept below the cache's folder, which is made when the first is. */
  FileDigests(CacheSettings cache) {
    this.cache = cache;
  }

  /** The digest of a file's content as it is now, links followed. */
  public String of(Path file) throws IOException {
    Path real = file.toRealPath();
    String identity = identity(real);
    Optional<String> known = known(real, identity);
    if (known.isPresent()) {
      return known.get();
    }
    String digest;
    try (InputStream in = Files.newInputStream(real)) {
      digest = Sha256.of(in);
    }
    if (identity.equals(identity(real)) && settled(real)) {
      keep(real, identity, digest);
    }
    return digest;
  }

  /** Remembers the digest of a file that this program wrote and nobody else changes. */
  public void remember(Path file, String digest) throws IOException {
    Path real = file.toRealPath();
    keep(real, identity(real), digest);
  }

  private Optional<String> known(Path real, String identity) throws IOException {
    if (Files.size(real) < REMEMBERED_FROM) {
      return Optional.empty();
    }
    try {
      String[] lines = Files.readString(record(real)).split("\n");
      return lines.length == 3 && lines[0].equals(identity) && lines[2].equals(real.toString())
          ? Optional.of(lines[1])
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      warnOnce(e);
      return Optional.empty();
    }
  }

  private void keep(Path real, String identity, String digest) {
    try {
      if (Files.size(real) >= REMEMBERED_FROM) {
        Path record = record(real);
        Files.createDirectories(record.getParent());
        prune(record.getParent());
        AtomicFile.write(
            record, (identity + "\n" + digest + "\n" + real).getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      warnOnce(e);
    }
  }

  private static void warnOnce(IOException reason) {
    if (WARNED.add(reason.getMessage() == null ? reason.toString() : reason.getMessage())) {
      LOG.warn(
          "the SHA-256 of large files cannot be remembered and is computed each time: {}",
          reason.toString());
    }
  }

  private static boolean settled(Path real) throws IOException {
    return Files.getLastModifiedTime(real).toInstant().isBefore(Instant.now().minus(SETTLED));
  }

  private Path record(Path real) throws IOException {
    return cache.onThisMachine().resolve("digests").resolve(Sha256.of(real.toString()));
  }

  /** Bounds the folder; what goes is computed again when it is asked for. */
  private static void prune(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      Path[] records = all.toArray(Path[]::new);
      if (records.length > MAX_REMEMBERED) {
        for (int i = 0; i < records.length / 2; i++) {
          Files.deleteIfExists(records[i]);
        }
      }
    }
  }

  /** Where the system tells when it last touched the inode: that time cannot be put back. */
  private static String identity(Path real) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
    boolean unix = real.getFileSystem().supportedFileAttributeViews().contains("unix");
    return "%d %d %s %s"
        .formatted(
            attributes.size(),
            attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
            attributes.fileKey(),
            unix ? Files.getAttribute(real, "unix:ctime") : "");
  }
}
