package io.instructorspark.checkpoint.remote;

import io.instructorspark.checkpoint.remote.HubException.Kind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.SyncFailedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A repository of the Hugging Face hub at one commit, through this machine's cache of the hub,
 * which is shared with Python's client. Files are downloaded when they are first asked for. Safe
 * for use by several threads.
 */
public final class HubRepository {
  private static final Logger LOG = LoggerFactory.getLogger(HubRepository.class);

  /** The file that is asked for to learn the commit: every checkpoint has it. */
  private static final String ANY_FILE = "modules.json";

  private final HubLocation location;
  private final HubSettings settings;
  private final TransferWatch watch;
  private final HubClient client;
  private final HubCache cache;

  /** A commit does not change: what was said of a file once holds. */
  private final Map<String, HubFile> described = new ConcurrentHashMap<>();

  private final Map<String, String> verified = new ConcurrentHashMap<>();

  /** Set once the server gave a usable answer about this repository. */
  private volatile boolean met;

  /** Why only the cache is used; null as long as the server is asked. */
  private volatile String cacheOnly;

  private HubRepository(
      HubLocation location, HubSettings settings, TransferWatch watch, boolean met, String reason) {
    this.location = location;
    this.settings = settings;
    this.watch = watch;
    this.client = new HubClient(settings);
    this.cache = new HubCache(settings, location.repository());
    this.met = met;
    this.cacheOnly = reason;
  }

  /**
   * Finds out which commit a revision is. A server that cannot be reached is replaced by what the
   * cache remembers, with a warning; one that says no is not.
   *
   * @param watch is told of downloads
   * @throws HubException if there is no such repository or revision, it is refused, or it can be
   *     neither asked for nor found in the cache
   * @throws java.io.InterruptedIOException if this thread is interrupted
   */
  public static HubRepository open(HubLocation location, HubSettings settings, TransferWatch watch)
      throws IOException {
    HubCache cache = new HubCache(settings, location.repository());
    Optional<String> cached =
        location.isPinned() ? Optional.of(location.revision()) : cache.commit(location.revision());
    cached = cached.filter(commit -> Files.isDirectory(cache.snapshot(commit)));
    if (settings.offline()) {
      String commit =
          cached.orElseThrow(() -> notCached(location.toString(), "HF_HUB_OFFLINE is set", cache));
      return new HubRepository(
          location.at(commit), settings, watch, false, "HF_HUB_OFFLINE is set");
    }
    if (location.isPinned() && cached.isPresent()) {
      return new HubRepository(location, settings, watch, false, null);
    }
    try {
      String commit = resolve(location, new HubClient(settings));
      cache.remember(location.revision(), commit);
      return new HubRepository(location.at(commit), settings, watch, true, null);
    } catch (HubException e) {
      if (!e.isPassing() || cached.isEmpty()) {
        throw e;
      }
      LOG.warn(
          "{} is used as this machine has it, at commit {}: {}",
          location,
          cached.get(),
          e.getMessage());
      return new HubRepository(location.at(cached.get()), settings, watch, false, e.getMessage());
    }
  }

  private static String resolve(HubLocation location, HubClient client) throws IOException {
    return client
        .describe(new HubPath(location, ANY_FILE))
        .commit()
        .orElseThrow(
            () ->
                new HubException(
                    Kind.BROKEN_ANSWER,
                    ("the server does not say which commit %s is (X-Repo-Commit): it is no Hugging"
                            + " Face hub; check HF_ENDPOINT")
                        .formatted(location)));
  }

  /** The repository at its commit, whatever revision it was opened by. */
  public HubLocation location() {
    return location;
  }

  /** The commit that everything here comes from: 40 hexadecimal digits. */
  public String commit() {
    return location.revision();
  }

  /**
   * Whether the commit has a file. Costs a request unless the cache knows; offline, the file must
   * be in the cache.
   *
   * @param path with {@code /} between folders
   * @throws IllegalArgumentException if the path could lead out of the repository
   */
  public boolean has(String path) throws IOException {
    if (cache.file(commit(), path).isPresent()) {
      return true;
    }
    return !cache.lacks(commit(), path) && cacheOnly == null && describe(path).isPresent();
  }

  /**
   * Refuses to take a file for missing that the cache does not have, while the hub is not asked.
   * Python's client downloads what it is told to: a snapshot of its need not be whole.
   *
   * @throws HubException if it is not known that the commit lacks the file
   */
  public void requireLacking(String path) throws HubException {
    if (cacheOnly != null && !cache.lacks(commit(), path)) {
      throw notCached(new HubPath(location, path).toString(), cacheOnly, cache);
    }
  }

  /**
   * The file on this machine, downloaded and checked if it was not there.
   *
   * @param path with {@code /} between folders
   * @return a path inside the snapshot of the commit, as a rule a link
   * @throws HubException if the commit lacks it, or it cannot be had
   * @throws java.io.InterruptedIOException if this thread is interrupted
   * @throws IllegalArgumentException if the path could lead out of the repository
   */
  public Path fetch(String path) throws IOException {
    Optional<Path> here = cache.file(commit(), path);
    if (here.isPresent()) {
      return here.get();
    }
    if (cache.lacks(commit(), path)) {
      throw noFile(path);
    }
    Optional<HubFile> file = cacheOnly == null ? describe(path) : Optional.empty();
    requireLacking(path);
    try {
      return download(path, file.orElseThrow(() -> noFile(path)));
    } catch (FileSystemException | FileNotFoundException | SyncFailedException e) {
      throw new HubException(
          Kind.DISK,
          ("cannot keep %s of %s in this machine's cache (%s): make %s writable, or set"
                  + " HF_HUB_CACHE to a folder that is")
              .formatted(path, location, e, cache.folder()),
          e);
    }
  }

  /**
   * The file's sha256 in hexadecimal digits, if it was downloaded here and the hub knows it by
   * that; empty says nothing about the file.
   */
  public Optional<String> sha256(String path) {
    return Optional.ofNullable(verified.get(path));
  }

  /**
   * The sha256 in hexadecimal digits that the hub states of a file that {@link #fetch} has given:
   * the name of its blob. Empty for small files, whose blobs have git's names, and where the cache
   * has no links. Says nothing about the content.
   */
  public Optional<String> statedSha256(Path file) throws IOException {
    Path real = file.toRealPath();
    String name = real.getFileName().toString();
    Path blob = cache.blob(name);
    return HubDigest.isSha256(name) && Files.exists(blob) && Files.isSameFile(blob, real)
        ? Optional.of(name)
        : Optional.empty();
  }

  private Path download(String path, HubFile file) throws IOException {
    Path blob = cache.blob(file.etag());
    cache.makeFolders();
    try (MachineLock lock =
        MachineLock.await(cache.lock(file.etag()), "download %s of %s".formatted(path, location))) {
      LOG.debug("holding {}", lock);
      Optional<Path> meanwhile = cache.file(commit(), path);
      if (meanwhile.isPresent()) {
        return meanwhile.get();
      }
      boolean fresh = !Files.isRegularFile(blob) || Files.size(blob) != file.size();
      if (fresh) {
        Path partial = cache.partial(file.etag());
        HubPath what = new HubPath(location, path);
        new HubDownload(client, settings.times(), what, file, partial, watch).complete();
        HubCache.publish(partial, blob);
        if (HubDigest.isSha256(file.etag())) {
          verified.put(path, file.etag());
        }
      }
      return cache.enter(file.etag(), commit(), path, fresh);
    }
  }

  /** Asks the server; remembers what it lacks. */
  private Optional<HubFile> describe(String path) throws IOException {
    if (described.containsKey(path)) {
      return Optional.of(described.get(path));
    }
    HubClient.Description description;
    try {
      description = client.describe(new HubPath(location, path));
    } catch (HubException e) {
      if (e.kind() == Kind.NOT_FOUND && isMet()) {
        cache.rememberMissing(commit(), path);
        return Optional.empty();
      }
      if (!e.isPassing() || met) {
        throw e;
      }
      LOG.warn("{} is used as far as this machine has it: {}", location, e.getMessage());
      cacheOnly = e.getMessage();
      return Optional.empty();
    }
    met = true;
    description
        .file()
        .ifPresentOrElse(
            file -> described.put(path, file), () -> cache.rememberMissing(commit(), path));
    return description.file();
  }

  /** Whether the server has this repository, so that a bare 404 means the file. */
  private boolean isMet() throws IOException {
    if (!met) {
      resolve(location, client);
      met = true;
    }
    return true;
  }

  private HubException noFile(String path) {
    return new HubException(
        Kind.NO_FILE,
        "%s holds no file %s; see %s/%s/tree/%s"
            .formatted(location, path, settings.endpoint(), location.repository(), commit()));
  }

  private static HubException notCached(String what, String reason, HubCache cache) {
    String there;
    try {
      there = cache.commits().isEmpty() ? "nothing of it" : "commits " + cache.commits();
    } catch (IOException e) {
      there = "what cannot be listed (" + e + ")";
    }
    return new HubException(
        Kind.NOT_CACHED,
        ("%s is not in this machine's cache %s, and the hub is not asked: %s. The cache has %s."
                + " Go online without HF_HUB_OFFLINE, or copy the repository into the cache")
            .formatted(what, cache.folder(), reason, there));
  }
}
