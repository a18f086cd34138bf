package io.instructorspark.checkpoint.remote;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A file or repository of the Hugging Face hub that cannot be had. The message is written for the
 * person who named the repository: what was asked of whom, what came back, and the remedy. It never
 * holds a token or the query of a signed address.
 */
public final class HubException extends IOException {
  private static final long serialVersionUID = 1;

  /** What a caller may do about it. */
  enum Kind {
    /** Nobody answered, or not to the end. */
    UNREACHABLE,
    /** The server is there and in trouble. */
    BUSY,
    /** The server, or a proxy, says no. */
    REFUSED,
    /** The repository or the revision is not there. */
    NO_REPOSITORY,
    /** The repository is there, the file is not. */
    NO_FILE,
    /** A 404 that does not say what is missing. */
    NOT_FOUND,
    /** An answer that cannot be right. */
    BROKEN_ANSWER,
    /** Only the cache may be used, and it lacks the file. */
    NOT_CACHED,
    /** This machine's disk. */
    DISK
  }

  private final Kind kind;
  private final Duration retryAfter;

  HubException(Kind kind, String message) {
    this(kind, message, (Throwable) null);
  }

  /**
   * @param cause null if there is none, or if its message could show what must stay secret
   */
  HubException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = Objects.requireNonNull(kind, "kind");
    this.retryAfter = null;
  }

  HubException(Kind kind, String message, Optional<Duration> retryAfter) {
    super(message);
    this.kind = Objects.requireNonNull(kind, "kind");
    this.retryAfter = retryAfter.orElse(null);
  }

  Kind kind() {
    return kind;
  }

  /** Whether another time, or after a while, the same request may well succeed. */
  boolean isPassing() {
    return kind == Kind.UNREACHABLE || kind == Kind.BUSY;
  }

  /** The pause that the server wishes. */
  Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
