package io.instructorspark.checkpoint.remote;

import java.io.IOException;
import java.util.Objects;

/**
 * A file or repository of the Hugging Face hub that cannot be had. The message is written for the
 * person who named the repository: what was asked of whom, what came back, and the remedy. It never
 * holds a token or the query of a signed address.
 */
public final class HubException extends IOException {
  /** What a caller may do about it. */
  enum Kind {
    /** Nobody answered, or the server is in trouble: later, or from the cache. */
    UNREACHABLE,
    /** The server knows who asks, or wants to, and says no. */
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

  HubException(Kind kind, String message) {
    this(kind, message, null);
  }

  /**
   * @param cause null if there is none, or if its message could show what must stay secret
   */
  HubException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = Objects.requireNonNull(kind, "kind");
  }

  Kind kind() {
    return kind;
  }
}
