package io.instructorspark.checkpoint.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A checkpoint on its way from a store into the machine's cache, file by file as they are asked
 * for: so what a wrong config tells is known before gigabytes of weights are copied. Closing it
 * without {@link #publish} leaves nothing behind. For one thread.
 */
public final class Staging implements AutoCloseable {
  private static final int BUFFER = 1 << 20;
  private static final long REPORT_NANOS = 300_000_000;

  private final MachineCache cache;
  private final RemoteStore store;
  private final String location;
  private final Path folder;
  private final TransferWatch watch;
  private final Map<String, Optional<RemoteFile>> seen = new TreeMap<>();
  private final Map<String, String> digests = new TreeMap<>();
  private long stagedBytes;

  Staging(
      MachineCache cache, RemoteStore store, String location, Path folder, TransferWatch watch) {
    this.cache = cache;
    this.store = store;
    this.location = location;
    this.folder = folder;
    this.watch = watch;
  }

  /** Whether the store has such a file; asked once. */
  public boolean has(String path) throws IOException {
    return find(path).isPresent();
  }

  /**
   * The staged copy of a file, made when it is first asked for.
   *
   * @throws IOException if it cannot be read, has not the length that the store said, or changed
   *     meanwhile
   */
  public Path fetch(String path) throws IOException {
    Path target = folder.resolve(path).normalize();
    if (!target.startsWith(folder)) {
      throw new IllegalArgumentException("%s leaves the checkpoint".formatted(path));
    }
    if (!digests.containsKey(path)) {
      RemoteFile file =
          find(path).orElseThrow(() -> new IOException("there is no %s".formatted(name(path))));
      cache.makeRoom(stagedBytes, file.size());
      Files.createDirectories(target.getParent());
      String digest = copy(path, file, target);
      if (!store.find(location, path).equals(Optional.of(file))) {
        throw new IOException(
            "%s changed while it was copied; start again once it is complete"
                .formatted(name(path)));
      }
      stagedBytes += file.size();
      digests.put(path, digest);
    }
    return target;
  }

  /** The SHA-256 of a fetched file, computed while it was copied. */
  public String sha256(String path) {
    return digests.get(path);
  }

  /**
   * Puts what was fetched into the cache, as one checkpoint.
   *
   * @param fingerprint the checkpoint's
   * @return the folder where it is from now on
   */
  public Path publish(String fingerprint) throws IOException {
    Map<String, RemoteFile> files = new TreeMap<>();
    Set<String> absent = new TreeSet<>();
    seen.forEach(
        (path, file) -> {
          if (digests.containsKey(path)) {
            files.put(path, file.orElseThrow());
          } else if (file.isEmpty()) {
            absent.add(path);
          }
        });
    return cache.publish(folder, new SourceRecord(location, fingerprint, files, absent), digests);
  }

  @Override
  public void close() throws IOException {
    FileTree.delete(folder);
  }

  private Optional<RemoteFile> find(String path) throws IOException {
    Optional<RemoteFile> known = seen.get(path);
    if (known == null) {
      known = store.find(location, path);
      seen.put(path, known);
    }
    return known;
  }

  private String copy(String path, RemoteFile file, Path target) throws IOException {
    MessageDigest digest = Sha256.digest();
    byte[] buffer = new byte[BUFFER];
    long done = 0;
    long reported = System.nanoTime();
    watch.transferred(name(path), 0, file.size());
    try (InputStream in = store.open(location, path);
        FileChannel channel =
            FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        OutputStream out = java.nio.channels.Channels.newOutputStream(channel)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        done += count;
        if (done > file.size()) {
          throw wrongLength(path, file, "more than that");
        }
        digest.update(buffer, 0, count);
        out.write(buffer, 0, count);
        if (System.nanoTime() - reported > REPORT_NANOS) {
          reported = System.nanoTime();
          watch.transferred(name(path), done, file.size());
        }
        if (Thread.interrupted()) {
          Thread.currentThread().interrupt();
          throw new InterruptedIOException("interrupted while copying " + name(path));
        }
      }
      if (done < file.size()) {
        throw wrongLength(path, file, "only " + done);
      }
      channel.force(true);
    }
    watch.transferred(name(path), done, file.size());
    return Sha256.hex(digest.digest());
  }

  private IOException wrongLength(String path, RemoteFile file, String found) {
    return new IOException(
        "%s should have %d bytes by its store, but %s came; start again"
            .formatted(name(path), file.size(), found));
  }

  private String name(String path) {
    return location + "/" + path;
  }
}
