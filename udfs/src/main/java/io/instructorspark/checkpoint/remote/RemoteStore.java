package io.instructorspark.checkpoint.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.Optional;

/**
 * A store that checkpoints are copied from, as HDFS or S3. It travels to executors, so that each
 * machine copies for itself. Safe for use by several threads. Its exceptions' messages are shown to
 * users: they hold no credentials.
 */
public interface RemoteStore extends Serializable {
  /**
   * A location as every machine can name it: absolute, with its authority.
   *
   * @throws IOException if there is no such store, or it cannot be reached
   */
  String qualify(String location) throws IOException;

  /**
   * Looks for a file.
   *
   * @param folder a location that {@link #qualify} returned
   * @param path the file's path inside, with {@code /} between folders
   * @return empty if there is nothing of that name, or no file
   * @throws IOException if the store cannot be reached or refuses
   */
  Optional<RemoteFile> find(String folder, String path) throws IOException;

  /**
   * Opens a file at its first byte; the caller closes it.
   *
   * @throws IOException if it cannot be read
   */
  InputStream open(String folder, String path) throws IOException;
}
