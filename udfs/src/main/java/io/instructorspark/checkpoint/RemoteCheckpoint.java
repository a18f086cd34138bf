package io.instructorspark.checkpoint;

import io.instructorspark.checkpoint.remote.Access;
import io.instructorspark.checkpoint.remote.MachineCache;
import io.instructorspark.checkpoint.remote.RemoteStore;
import io.instructorspark.checkpoint.remote.Staging;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A checkpoint in a store, opened through this machine's copy of it. The copy is made once, by one
 * process, and appears in the cache only after it was checked as any checkpoint is.
 */
final class RemoteCheckpoint {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteCheckpoint.class);

  private final String location;
  private final RemoteStore store;
  private final Access access;

  RemoteCheckpoint(String location, RemoteStore store, Access access) {
    this.location = location;
    this.store = store;
    this.access = access;
  }

  /**
   * @param expected fingerprint of the copy that will do without asking the store; null where only
   *     the store knows what is current
   */
  Checkpoint open(String expected) {
    try {
      String uri = store.qualify(location);
      MachineCache cache = access.cache();
      Optional<Checkpoint> copy = copy(cache, uri, expected);
      if (copy.isPresent()) {
        return copy.get();
      }
      try (MachineCache.Reservation reserved = cache.reserve(uri)) {
        copy = copy(cache, uri, expected); // somebody else's, made while this thread waited
        return copy.isPresent() ? copy.get() : copyNow(reserved, uri);
      }
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot read the checkpoint %s: %s".formatted(location, Reason.of(e)), e);
    }
  }

  private Optional<Checkpoint> copy(MachineCache cache, String uri, String expected)
      throws IOException {
    Optional<Path> folder = expected == null ? cache.copyOf(store, uri) : cache.copyOf(expected);
    if (folder.isEmpty()) {
      return Optional.empty();
    }
    return intact(folder.get(), uri, folder.get().getFileName().toString());
  }

  /** A copy that somebody changed, or a disk lost parts of, is made again. */
  private Optional<Checkpoint> intact(Path folder, String uri, String fingerprint) {
    String damage = "another fingerprint";
    try {
      Checkpoint copy = opened(folder, uri);
      if (copy.fingerprint().equals(fingerprint)) {
        return Optional.of(copy);
      }
    } catch (CheckpointException e) {
      damage = e.getMessage();
    }
    LOG.warn("the copy {} is damaged and made again: {}", folder, damage);
    return Optional.empty();
  }

  private Checkpoint copyNow(MachineCache.Reservation reserved, String uri) throws IOException {
    try (Staging staging = reserved.stage(store, access.watch())) {
      Checkpoint staged =
          new Checkpoint(location, new Source(uri, new StagedFiles(staging, uri), access));
      return opened(staging.publish(staged.fingerprint()), uri);
    }
  }

  private Checkpoint opened(Path folder, String uri) {
    return new Checkpoint(
        location, new Source(uri, new FolderFiles(folder, uri, access.digests()), access));
  }
}
