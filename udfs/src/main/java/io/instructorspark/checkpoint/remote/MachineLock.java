package io.instructorspark.checkpoint.remote;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process of this machine, and one thread of it, at a time. The system takes the lock back when
 * the process ends, however it ends; the lock's file stays.
 */
final class MachineLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MachineLock.class);
  private static final long POLL_MILLIS = 50;
  private static final long SAY_SO_AFTER_NANOS = TimeUnit.SECONDS.toNanos(3);

  /**
   * A file's lock belongs to the whole process, and closing any of its channels gives it back: so
   * threads wait for each other here, before they open the file.
   */
  private static final ConcurrentHashMap<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  /**
   * Opened while another class loader of this JVM held the lock: kept open, so that it keeps it.
   */
  private static final ConcurrentHashMap<Path, FileChannel> OTHERS = new ConcurrentHashMap<>();

  private final ReentrantLock thread;
  private final FileChannel channel;

  private MachineLock(ReentrantLock thread, FileChannel channel) {
    this.thread = thread;
    this.channel = channel;
  }

  /**
   * Waits for the lock as long as it takes: whoever holds it is alive.
   *
   * @param purpose what the holder does, to be logged while waiting
   * @throws InterruptedIOException if this thread is interrupted meanwhile
   */
  static MachineLock await(Path file, String purpose) throws IOException {
    long start = System.nanoTime();
    boolean said = false;
    while (true) {
      Optional<MachineLock> lock = attempt(file);
      if (lock.isPresent()) {
        return lock.get();
      }
      if (!said && System.nanoTime() - start > SAY_SO_AFTER_NANOS) {
        said = true;
        LOG.info("waiting for another thread or process of this machine to {} ({})", purpose, file);
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw interrupted(file);
      }
    }
  }

  /** Takes the lock if nobody holds it. A thread that holds it already does not get it again. */
  static Optional<MachineLock> attempt(Path file) throws IOException {
    Path key = file.toAbsolutePath().normalize();
    ReentrantLock thread = THREADS.computeIfAbsent(key, unknown -> new ReentrantLock());
    if (thread.isHeldByCurrentThread() || !thread.tryLock()) {
      return Optional.empty();
    }
    FileChannel channel = null;
    try {
      Files.createDirectories(key.getParent());
      channel = OTHERS.remove(key);
      if (channel == null) {
        channel = FileChannel.open(key, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      }
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return Optional.of(new MachineLock(thread, channel));
      }
    } catch (OverlappingFileLockException e) {
      LOG.debug("{} is held by another class loader of this JVM", key);
      OTHERS.put(key, channel);
      channel = null;
    } catch (ClosedByInterruptException e) {
      release(thread, channel);
      throw interrupted(key);
    } catch (IOException e) {
      release(thread, channel);
      throw new IOException(
          ("cannot lock %s: %s. A cache of models needs a folder that this user may write, on a file"
                  + " system with locks, as those of local disks are")
              .formatted(key, e),
          e);
    }
    release(thread, channel);
    return Optional.empty();
  }

  private static InterruptedIOException interrupted(Path file) {
    return new InterruptedIOException("interrupted while waiting for " + file);
  }

  @Override
  public void close() throws IOException {
    release(thread, channel);
  }

  private static void release(ReentrantLock thread, FileChannel channel) throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      thread.unlock();
    }
  }
}
