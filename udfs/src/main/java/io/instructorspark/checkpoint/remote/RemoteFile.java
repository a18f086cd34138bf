package io.instructorspark.checkpoint.remote;

import java.util.Objects;

/**
 * A file in a store, as the store describes it without reading it.
 *
 * @param size bytes
 * @param version says another thing once the content changes: an entity tag, or the time of the
 *     last change; empty where the store knows neither
 */
public record RemoteFile(long size, String version) {
  /** Checks presence and range. */
  public RemoteFile {
    Objects.requireNonNull(version, "version");
    if (size < 0) {
      throw new IllegalArgumentException("size must not be negative, got " + size);
    }
  }

  /** Whether a change of the content would go unnoticed. */
  boolean isUnversioned() {
    return version.isEmpty();
  }
}
