package io.instructorspark.checkpoint;

import io.instructorspark.checkpoint.remote.Access;
import io.instructorspark.checkpoint.remote.FileDigests;
import io.instructorspark.checkpoint.remote.HubLocation;
import io.instructorspark.checkpoint.remote.HubRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One commit of a repository of the hub; files are downloaded when they are first opened. */
final class HubFiles implements CheckpointFiles {
  private final HubRepository repository;
  private final FileDigests digests;

  private final Set<String> fetched = ConcurrentHashMap.newKeySet();

  /** Said once: it holds for what was downloaded, not for what becomes of it. */
  private final Set<String> remembered = ConcurrentHashMap.newKeySet();

  private HubFiles(HubRepository repository, FileDigests digests) {
    this.repository = repository;
    this.digests = digests;
  }

  static HubFiles open(String location, Access access) {
    try {
      HubRepository repository =
          HubRepository.open(HubLocation.parse(location), access.hub(), access.watch());
      return new HubFiles(repository, access.digests());
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(e.getMessage(), e);
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot read the checkpoint %s: %s".formatted(location, e.getMessage()), e);
    }
  }

  /** The location with its commit. */
  String pinned() {
    return repository.location().toString();
  }

  @Override
  public String describe(String path) {
    return path.isEmpty() ? pinned() : pinned() + "/" + path;
  }

  @Override
  public boolean has(String path) {
    try {
      return repository.has(path);
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot look for %s: %s".formatted(describe(path), e.getMessage()), e);
    }
  }

  @Override
  public void requireLacking(String path) {
    try {
      repository.requireLacking(path);
    } catch (IOException e) {
      throw new CheckpointException(e.getMessage(), e);
    }
  }

  @Override
  public Optional<Path> folder() throws IOException {
    return Optional.of(fetched("modules.json").getParent());
  }

  @Override
  public ByteSource open(String path) throws IOException {
    return new FileBytes(fetched(path), describe(path));
  }

  /**
   * Taken when a checkpoint is opened for use, so it is here that a blob is found out which was
   * damaged after its download.
   */
  @Override
  public String sha256(String path) throws IOException {
    Path file = fetched(path);
    String digest = digests.of(file);
    Optional<String> stated = repository.statedSha256(file);
    if (stated.isPresent() && !stated.get().equals(digest)) {
      throw new CheckpointException(
          ("%s has the SHA-256 %s on this machine, but %s on the hub: it was damaged or changed after"
                  + " its download. Delete %s, and it is downloaded again")
              .formatted(describe(path), digest, stated.get(), file.toRealPath()));
    }
    return digest;
  }

  /**
   * For a checkpoint that was found broken: whether it is so on the hub, or became so here.
   *
   * @throws CheckpointException that names the file to delete, if one is not what was downloaded
   */
  void requireAsDownloaded() {
    for (String path : fetched) {
      try {
        sha256(path);
      } catch (IOException e) {
        throw new CheckpointException("cannot read %s: %s".formatted(describe(path), e), e);
      }
    }
  }

  /** What the download verified need not be computed again. */
  private Path fetched(String path) throws IOException {
    Path file = repository.fetch(path);
    fetched.add(path);
    Optional<String> verified = repository.sha256(path);
    if (verified.isPresent() && remembered.add(path)) {
      digests.remember(file, verified.get());
    }
    return file;
  }
}
