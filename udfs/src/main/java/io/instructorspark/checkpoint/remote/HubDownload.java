package io.instructorspark.checkpoint.remote;

import io.instructorspark.checkpoint.remote.HubException.Kind;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one content into the cache's {@code blobs}: goes on where an earlier attempt of this or
 * another process ended, and gives the content its name once length and digest are right.
 */
final class HubDownload {
  private static final Logger LOG = LoggerFactory.getLogger(HubDownload.class);
  private static final int MOST_FAILURES = 5;

  /** Bytes after which the failures before them no longer count. */
  private static final long PROGRESS = 1 << 20;

  private static final long WATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
  private static final int BUFFER = 1 << 20;
  private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

  private final HubClient client;
  private final HubTimes times;
  private final HubPath path;
  private final HubFile file;
  private final Path partial;
  private final TransferWatch watch;

  private HubDigest digest;
  private long done;
  private long watchedAt;

  HubDownload(
      HubClient client,
      HubTimes times,
      HubPath path,
      HubFile file,
      Path partial,
      TransferWatch watch) {
    this.client = client;
    this.times = times;
    this.path = path;
    this.file = file;
    this.partial = partial;
    this.watch = watch;
  }

  /**
   * Downloads into the partial file until it is whole and right. The caller holds the lock of the
   * content.
   */
  void complete() throws IOException {
    takeUp();
    checkSpace();
    tell();
    boolean resumed = done > 0;
    receiveAll();
    Optional<String> contradiction = digest.contradiction();
    if (contradiction.isPresent() && resumed) {
      LOG.warn("{} starts over: what an earlier attempt left of it was damaged", path);
      startOver();
      receiveAll();
      contradiction = digest.contradiction();
    }
    if (contradiction.isPresent()) {
      Files.delete(partial);
      throw new HubException(
          Kind.BROKEN_ANSWER,
          ("%s came damaged: its digest is %s, expected %s. It was deleted; run again, and if it"
                  + " happens again, something between changes the file (check HF_ENDPOINT, proxy)")
              .formatted(path, contradiction.get(), file.etag()));
    }
    tell();
  }

  private void receiveAll() throws IOException {
    int failures = 0;
    long furthest = done; // a server that sends no parts may get less far than before
    while (done < file.size() || !Files.exists(partial)) {
      try {
        transfer();
      } catch (HubException e) {
        failures = done - furthest >= PROGRESS ? 1 : failures + 1;
        furthest = Math.max(furthest, done);
        if (!e.isPassing() || failures == MOST_FAILURES) {
          throw done > 0 && e.isPassing() ? kept(e) : e;
        }
        times.rest(failures, e);
      }
    }
  }

  /** Counts and digests what an earlier attempt left; keeps nothing that cannot be proved right. */
  private void takeUp() throws IOException {
    digest = new HubDigest(file);
    done = 0;
    if (!Files.exists(partial)) {
      return;
    }
    if (!digest.isProof() || Files.size(partial) > file.size()) {
      Files.delete(partial);
      return;
    }
    try (InputStream earlier = Files.newInputStream(partial)) {
      byte[] buffer = new byte[BUFFER];
      for (int length = earlier.read(buffer); length >= 0; length = earlier.read(buffer)) {
        digest.update(buffer, length);
        done += length;
        checkInterrupt();
      }
    }
  }

  private void checkSpace() throws IOException {
    long free = Files.getFileStore(partial.getParent()).getUsableSpace();
    if (free < file.size() - done) {
      throw new HubException(
          Kind.DISK,
          ("%s needs %d bytes more in %s, where %d are free: make room, or set HF_HUB_CACHE to a"
                  + " folder on a larger disk")
              .formatted(path, file.size() - done, partial.getParent(), free));
    }
  }

  private void transfer() throws IOException {
    checkInterrupt();
    try (HubExchange answer = client.get(path, done)) {
      if (answer.status() == 416) {
        startOver();
        throw unreachable("the server has nothing from the place where the copy broke off");
      }
      if (answer.status() == 200 && done > 0) {
        LOG.info("{} starts over: the server does not send parts", path);
        startOver();
      }
      checkAnnouncement(answer);
      try (FileOutputStream out = new FileOutputStream(partial.toFile(), done > 0)) {
        receive(answer, out);
        out.getFD().sync();
      }
    }
  }

  private void receive(HubExchange answer, FileOutputStream out) throws IOException {
    while (true) {
      byte[] piece;
      try {
        piece = answer.read();
      } catch (IOException e) {
        throw client.broken(e, answer, path);
      }
      if (piece.length == 0) {
        break;
      }
      if (piece.length > file.size() - done) {
        throw refuseLength("sends more");
      }
      write(out, piece);
      digest.update(piece, piece.length);
      done += piece.length;
      if (System.nanoTime() - watchedAt > WATCH_NANOS) {
        tell();
      }
      checkInterrupt();
    }
    if (done < file.size()) {
      throw unreachable("the connection ended after %d bytes".formatted(done));
    }
  }

  private void write(FileOutputStream out, byte[] piece) throws IOException {
    try {
      out.write(piece);
    } catch (IOException e) {
      throw new HubException(
          Kind.DISK,
          ("cannot write to %s after %d of %d bytes of %s (%s): make room, or set HF_HUB_CACHE to"
                  + " a folder on a larger disk")
              .formatted(partial, done, file.size(), path, e.getMessage()),
          e);
    }
  }

  private void startOver() throws IOException {
    Files.deleteIfExists(partial);
    takeUp();
  }

  /** Refuses an answer that says beforehand that it is another content. */
  private void checkAnnouncement(HubExchange answer) throws IOException {
    if (answer.status() == 206) {
      Matcher range = RANGE.matcher(answer.header("Content-Range").orElse(""));
      if (!range.matches()
          || Long.parseLong(range.group(1)) != done
          || Long.parseLong(range.group(2)) != file.size() - 1
          || Long.parseLong(range.group(3)) != file.size()) {
        throw refuseLength("sends another part than was asked for");
      }
      return;
    }
    String length = answer.header("Content-Length").orElse(Long.toString(file.size()));
    if (!length.equals(Long.toString(file.size()))) {
      throw refuseLength("sends " + (length.matches("\\d{1,18}") ? length : "an odd number"));
    }
  }

  private HubException refuseLength(String what) throws IOException {
    Files.deleteIfExists(partial);
    return new HubException(
        Kind.BROKEN_ANSWER,
        ("the hub announced %d bytes for %s, and the server %s: nothing was kept; check"
                + " HF_ENDPOINT, proxy and firewall")
            .formatted(file.size(), path, what));
  }

  /** Whoever sees that a download broke off should know that it was not in vain. */
  private HubException kept(HubException e) {
    return new HubException(
        e.kind(),
        "%s. %d of %d bytes of %s are kept; run again to go on from there"
            .formatted(e.getMessage(), done, file.size(), path),
        e.getCause());
  }

  private HubException unreachable(String why) {
    return new HubException(
        Kind.UNREACHABLE, "%d of %d bytes of %s came, %s".formatted(done, file.size(), path, why));
  }

  private void checkInterrupt() throws InterruptedIOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted while downloading " + path);
    }
  }

  private void tell() {
    watchedAt = System.nanoTime();
    watch.transferred(path.location().repository() + "/" + path.path(), done, file.size());
  }
}
