package io.instructorspark.checkpoint.remote;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * This machine's copies of checkpoints that lie elsewhere, each kept once under its fingerprint and
 * shared by all processes of the user. A copy appears under its name when it is complete and was
 * checked; until then it is staged. Thread-safe.
 *
 * <pre>
 * models/FINGERPRINT/…       the files of one checkpoint; the folder's time is that of the last use
 * models/FINGERPRINT.lock    held shared by every JVM that opened it
 * sources/LOCATION.json      what a store said of the files when they were copied
 * sources/LOCATION.lock      held by whoever copies from there, or gives a fingerprint its copy
 * incoming/LOCATION/…        a copy that is not complete
 * digests/…                  SHA-256 of large files
 * </pre>
 *
 * where LOCATION stands for the SHA-256 of one.
 */
public final class MachineCache {
  private final CacheSettings settings;
  private final Path directory;
  private final FileDigests digests;

  /**
   * @throws IOException if its folder cannot be made or written
   */
  MachineCache(CacheSettings settings) throws IOException {
    this.settings = settings;
    this.directory = settings.onThisMachine();
    this.digests = new FileDigests(settings);
    for (String part : new String[] {"models", "sources", "incoming"}) {
      Files.createDirectories(directory.resolve(part));
    }
  }

  /** The SHA-256 of files, remembered in this cache. */
  FileDigests digests() {
    return digests;
  }

  /**
   * The copy of a checkpoint, kept from removal as long as this JVM lives; empty if there is none.
   *
   * @param fingerprint 64 hexadecimal digits
   */
  public Optional<Path> copyOf(String fingerprint) throws IOException {
    Path model = model(fingerprint);
    if (!Files.isDirectory(model)) {
      return Optional.empty();
    }
    EntriesInUse.hold(lockOf(model));
    if (!Files.isDirectory(model)) { // removed while this thread waited for the lock
      return Optional.empty();
    }
    used(model);
    return Optional.of(model);
  }

  /**
   * The copy of what lies in a store, if the store still says of the files what it said when they
   * were copied.
   */
  public Optional<Path> copyOf(RemoteStore store, String location) throws IOException {
    Optional<SourceRecord> source = SourceRecord.read(source(location, ".json"), location);
    return source.isPresent() && source.get().isCurrent(store)
        ? copyOf(source.get().fingerprint())
        : Optional.empty();
  }

  /**
   * Waits until no other process of this machine copies from a location, and keeps others waiting
   * until it is closed.
   */
  public Reservation reserve(String location) throws IOException {
    return new Reservation(
        location, MachineLock.await(source(location, ".lock"), "copy " + location));
  }

  /** Makes room for a file of a staged copy. */
  void makeRoom(long stagedBytes, long fileBytes) throws IOException {
    long maxBytes = settings.maxBytes();
    if (fileBytes > maxBytes - stagedBytes) {
      throw new IOException(
          ("the checkpoint has more than the %,d bytes that the cache %s may hold; raise"
                  + " spark.instructor.cacheMaxGigabytes")
              .formatted(maxBytes, directory));
    }
    FileStore disk = Files.getFileStore(directory);
    new Eviction(directory, maxBytes, disk::getUsableSpace).makeRoom(stagedBytes, fileBytes);
    long free = disk.getUsableSpace();
    if (fileBytes > free) {
      throw new IOException(
          ("%,d bytes are to be copied to %s, but its disk has %,d free. Name a folder on another"
                  + " disk with spark.instructor.cacheDirectory or the environment variable %s")
              .formatted(fileBytes, directory, free, CacheSettings.VARIABLE));
    }
  }

  /**
   * Gives a staged copy its name. Somebody may have copied the same files from elsewhere: then
   * theirs stays, unless it was damaged since.
   *
   * @param digests SHA-256 of the staged files by their paths
   */
  Path publish(Path staged, SourceRecord source, Map<String, String> digests) throws IOException {
    Path model = model(source.fingerprint());
    EntriesInUse.hold(lockOf(model));
    MachineLock publisher =
        MachineLock.await(source(source.fingerprint(), ".lock"), "publish " + model);
    try {
      if (!holds(model, digests)) {
        replace(model, staged);
        for (Map.Entry<String, String> digest : digests.entrySet()) {
          digests().remember(model.resolve(digest.getKey()), digest.getValue());
        }
      }
    } finally {
      publisher.close();
    }
    used(model);
    source.write(source(source.location(), ".json"));
    return model;
  }

  /** Not noted at the lock's file: to set a file's time opens and closes it, and so unlocks it. */
  private static void used(Path model) throws IOException {
    Files.setLastModifiedTime(model, FileTime.from(Instant.now()));
  }

  private boolean holds(Path model, Map<String, String> digests) throws IOException {
    for (Map.Entry<String, String> digest : digests.entrySet()) {
      Path file = model.resolve(digest.getKey());
      if (!Files.isReadable(file) || !digests().of(file).equals(digest.getValue())) {
        return false;
      }
    }
    return true;
  }

  /**
   * Also where other JVMs have the damaged copy open: what they still read of it is the old files
   * or the right ones.
   */
  private void replace(Path model, Path staged) throws IOException {
    Path damaged = Eviction.removed(directory, model);
    if (Files.isDirectory(model)) {
      Files.move(model, damaged, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(staged, model, StandardCopyOption.ATOMIC_MOVE);
    FileTree.delete(damaged);
  }

  private Path model(String fingerprint) {
    if (!fingerprint.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("not a fingerprint: " + fingerprint);
    }
    return directory.resolve("models").resolve(fingerprint);
  }

  private Path source(String location, String suffix) {
    return directory.resolve("sources").resolve(Sha256.of(location) + suffix);
  }

  private static Path lockOf(Path model) {
    return model.resolveSibling(model.getFileName() + ".lock");
  }

  /** A location that nobody else copies from. */
  public final class Reservation implements AutoCloseable {
    private final String location;
    private final MachineLock lock;

    private Reservation(String location, MachineLock lock) {
      this.location = location;
      this.lock = lock;
    }

    /**
     * Begins a copy. What an earlier process left unfinished is removed.
     *
     * @throws IOException if its folder cannot be made
     */
    public Staging stage(RemoteStore store, TransferWatch watch) throws IOException {
      Path folder = directory.resolve("incoming").resolve(Sha256.of(location));
      FileTree.delete(folder);
      Files.createDirectories(folder);
      return new Staging(MachineCache.this, store, location, folder, watch);
    }

    @Override
    public void close() throws IOException {
      lock.close();
    }
  }
}
