package io.instructorspark.checkpoint.remote;

import io.instructorspark.checkpoint.remote.HubException.Kind;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
  private static final int MOST_ATTEMPTS = 5;
  private static final long WATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
  private static final int BUFFER = 1 << 20;
  private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

  private final HubClient client;
  private final HubTimes times;
  private final HubLocation location;
  private final String path;
  private final HubFile file;
  private final Path partial;
  private final TransferWatch watch;

  private HubDigest digest;
  private long done;
  private long watchedAt;

  HubDownload(
      HubClient client,
      HubTimes times,
      HubLocation location,
      String path,
      HubFile file,
      Path partial,
      TransferWatch watch) {
    this.client = client;
    this.times = times;
    this.location = location;
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
    Files.createDirectories(partial.getParent());
    takeUp();
    checkSpace();
    tell();
    int attempt = 1;
    while (done < file.size() || !Files.exists(partial)) {
      long before = done;
      try {
        transfer();
      } catch (HubException e) {
        attempt = done > before ? 1 : attempt + 1;
        if (e.kind() != Kind.UNREACHABLE || attempt > MOST_ATTEMPTS) {
          throw e;
        }
        pause(attempt, e);
      }
    }
    verify();
    tell();
  }

  /** Counts and digests what an earlier attempt left. */
  private void takeUp() throws IOException {
    digest = new HubDigest(file);
    done = 0;
    if (!Files.exists(partial)) {
      return;
    }
    if (Files.size(partial) > file.size()) {
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
          "%s of %s needs %d bytes more in %s, where %d are free: make room, or set HF_HUB_CACHE to a larger disk"
              .formatted(path, location, file.size() - done, partial.getParent(), free));
    }
  }

  private void transfer() throws IOException {
    checkInterrupt();
    try (HubExchange answer = client.get(location, path, done)) {
      if (answer.status() == 416) {
        startOver();
        throw unreachable("the server has nothing from the place where the copy broke off");
      }
      if (answer.status() == 200 && done > 0) {
        LOG.info("{} of {} starts over: the server does not send parts", path, location);
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
        throw client.interrupted(e, location, path);
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
          "cannot write to %s after %d of %d bytes of %s of %s (%s): make room, or set HF_HUB_CACHE to a larger disk; the next run goes on from here"
              .formatted(partial, done, file.size(), path, location, e.getMessage()),
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

  private void verify() throws IOException {
    var contradiction = digest.contradiction();
    if (contradiction.isPresent()) {
      Files.deleteIfExists(partial);
      throw new HubException(
          Kind.BROKEN_ANSWER,
          "%s of %s came damaged: its digest is %s, expected %s. What came was deleted; run again, and if it happens again something between changes the file (check HF_ENDPOINT and proxy)"
              .formatted(path, location, contradiction.get(), file.etag()));
    }
  }

  private HubException refuseLength(String what) throws IOException {
    Files.deleteIfExists(partial);
    return new HubException(
        Kind.BROKEN_ANSWER,
        "the server announced %d bytes for %s of %s and %s: what came was deleted; check HF_ENDPOINT and proxy"
            .formatted(file.size(), path, location, what));
  }

  private HubException unreachable(String why) {
    return new HubException(
        Kind.UNREACHABLE,
        "%s of %s came with %d of %d bytes, %s; run again to go on from there"
            .formatted(path, location, done, file.size(), why));
  }

  private void pause(int attempt, HubException reason) throws IOException {
    Duration pause = times.pauseBefore(attempt);
    LOG.info(
        "attempt {} of {} in {} ms, from byte {}: {}",
        attempt,
        MOST_ATTEMPTS,
        pause.toMillis(),
        done,
        reason.getMessage());
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      checkInterrupt();
    }
  }

  private void checkInterrupt() throws InterruptedIOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted while downloading " + path);
    }
  }

  private void tell() {
    watchedAt = System.nanoTime();
    watch.transferred(location.repository() + "/" + path, done, file.size());
  }
}
