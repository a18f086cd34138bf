package io.instructorspark.job.stores;

import io.instructorspark.checkpoint.remote.RemoteFile;
import io.instructorspark.checkpoint.remote.RemoteStore;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A store over a folder that writes each opening of a file to a log which all processes share.
 *
 * @param origin the folder
 * @param log one line for each opening
 * @param delayMillis of each read of 4 KiB of weights
 */
record RecordingStore(String origin, String log, long delayMillis) implements RemoteStore {
  @Override
  public String qualify(String location) {
    return location;
  }

  @Override
  public Optional<RemoteFile> find(String folder, String path) throws IOException {
    Path file = Path.of(origin, path);
    return Files.isRegularFile(file)
        ? Optional.of(new RemoteFile(Files.size(file), Files.getLastModifiedTime(file).toString()))
        : Optional.empty();
  }

  @Override
  public InputStream open(String folder, String path) throws IOException {
    Files.write(
        Path.of(log),
        (path + "\n").getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    InputStream in = Files.newInputStream(Path.of(origin, path));
    return delayMillis == 0 || !path.endsWith(".safetensors") ? in : new Slow(in);
  }

  private final class Slow extends FilterInputStream {
    Slow(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        Thread.sleep(delayMillis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      }
      return super.read(bytes, offset, Math.min(length, 4096));
    }
  }
}
