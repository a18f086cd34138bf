package io.instructorspark.checkpoint.remote;

import java.io.IOException;
import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * By which means a checkpoint may be reached: the store behind other URIs than a folder's, the
 * hub's address and token, the machine's cache. Made on the driver, it travels to executors; there
 * the hub's settings and the cache's folder are looked up anew. Immutable and thread-safe. Holds
 * credentials, and never shows them.
 */
public final class Access implements Serializable {
  private static final Logger LOG = LoggerFactory.getLogger(Access.class);
  private static final long serialVersionUID = 1;

  /** What is told about copies where an access has no watch of its own. */
  private static volatile TransferWatch everywhere = Access::log;

  private final RemoteStore store;
  private final HubSettings hub;
  private final CacheSettings cache;
  private final transient TransferWatch watch;

  private Access(RemoteStore store, HubSettings hub, CacheSettings cache, TransferWatch watch) {
    this.store = store;
    this.hub = hub;
    this.cache = cache;
    this.watch = watch;
  }

  /** The hub as this process's environment describes it, the default cache, and no other store. */
  public static Access ofThisMachine() {
    return new Access(null, null, CacheSettings.DEFAULT, null);
  }

  /**
   * Tells a watch about all copies of this JVM that nobody else watches, instead of the log: for a
   * program with a terminal.
   */
  public static void watchAll(TransferWatch watch) {
    everywhere = Objects.requireNonNull(watch, "watch");
  }

  /** With a store for all schemes that are neither a folder's nor the hub's. */
  public Access withStore(RemoteStore other) {
    return new Access(Objects.requireNonNull(other, "store"), hub, cache, watch);
  }

  /** With other settings of the hub. */
  public Access withHub(HubSettings other) {
    return new Access(store, Objects.requireNonNull(other, "hub"), cache, watch);
  }

  /** With another cache. */
  public Access withCache(CacheSettings other) {
    return new Access(store, hub, Objects.requireNonNull(other, "cache"), watch);
  }

  /** With a watch over copies; without one they are logged. A watch does not travel. */
  public Access withWatch(TransferWatch other) {
    return new Access(store, hub, cache, Objects.requireNonNull(other, "watch"));
  }

  /** What it takes to open a folder of the machine itself: no store, no token. */
  public Access forFolders() {
    return new Access(null, null, cache, watch);
  }

  /** What it takes to open a repository of the hub: its settings with the token, no store. */
  public Access forHub() {
    return new Access(null, hub(), cache, watch);
  }

  /** What it takes to open a folder of the store: no token. */
  public Access forStore() {
    return new Access(store, null, cache, watch);
  }

  /** The store for URIs of any scheme; empty where none was given. */
  public Optional<RemoteStore> store() {
    return Optional.ofNullable(store);
  }

  /** The hub's settings for this machine. */
  public HubSettings hub() {
    return hub == null ? HubSettings.ofEnvironment() : hub;
  }

  /** Where copies are kept, and how many. */
  public CacheSettings cacheSettings() {
    return cache;
  }

  /**
   * This machine's cache, made if need be.
   *
   * @throws IOException if it cannot be made or written
   */
  public MachineCache cache() throws IOException {
    return new MachineCache(cache);
  }

  /** The SHA-256 of files, those of large ones remembered in this machine's cache. */
  public FileDigests digests() {
    return new FileDigests(cache);
  }

  /** Whom to tell about copies. */
  public TransferWatch watch() {
    return watch == null ? everywhere : watch;
  }

  /** On the machine that it came to, that machine's environment counts. */
  private Object readResolve() {
    return new Access(store, hub == null ? null : hub.onThisMachine(), cache, null);
  }

  @Override
  public String toString() {
    return "Access[store=%s, hub=%s, cache=%s]"
        .formatted(store == null ? "none" : store.getClass().getSimpleName(), hub, cache);
  }

  private static void log(String file, long done, long total) {
    if (done == total) {
      LOG.info("copied {} ({} bytes)", file, total);
    } else {
      LOG.debug("copying {}: {} of {} bytes", file, done, total);
    }
  }
}
