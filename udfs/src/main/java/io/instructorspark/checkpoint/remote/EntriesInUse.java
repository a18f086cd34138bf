package io.instructorspark.checkpoint.remote;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * The cache's entries that this JVM has opened. Each is marked with a shared lock until the JVM
 * ends, so that no process removes what another may still read. Nothing else opens these files: the
 * system takes a process's lock back as soon as any of its descriptors of the file is closed.
 */
final class EntriesInUse {
  private static final Map<Path, FileChannel> HELD = new HashMap<>();
  private static final long POLL_MILLIS = 20;

  private EntriesInUse() {}

  /** Marks an entry by its lock file; waits while somebody removes it. */
  static void hold(Path lockFile) throws IOException {
    synchronized (HELD) {
      while (!HELD.containsKey(lockFile)) {
        FileChannel channel = open(lockFile);
        if (isLocked(channel)) {
          HELD.put(lockFile, channel);
        } else {
          channel.close();
          pause();
        }
      }
    }
  }

  /**
   * Runs something on an entry that no JVM has opened, and keeps others from opening it meanwhile.
   *
   * @return false if it is in use
   */
  static boolean ifUnused(Path lockFile, Removal removal) throws IOException {
    synchronized (HELD) {
      if (HELD.containsKey(lockFile)) {
        return false; // opening the file a second time and closing it would give the lock back
      }
      FileChannel channel = open(lockFile);
      try {
        boolean unused = channel.tryLock() != null;
        if (unused) {
          removal.run();
        }
        channel.close();
        return unused;
      } catch (OverlappingFileLockException e) {
        HELD.put(lockFile, channel); // by another class loader of this JVM, whose lock is to stay
        return false;
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    }
  }

  /** What is done to an entry. */
  @FunctionalInterface
  interface Removal {
    void run() throws IOException;
  }

  private static FileChannel open(Path lockFile) throws IOException {
    return FileChannel.open(
        lockFile, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock(0, Long.MAX_VALUE, true) != null;
    } catch (OverlappingFileLockException e) {
      return true; // by another class loader of this JVM, for as long as this one needs it
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for an entry of the cache");
    }
  }
}
