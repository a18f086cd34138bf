package io.instructorspark.job.train;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.instructorspark.job.rows.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder of prepared tasks: {@code task-0000.jsonl} and so on, {@code evaluation-0000.jsonl},
 * and {@code preparation.json}, which is written last. A folder without it, or with one that does
 * not fit its files, is a preparation that was broken off. For the driver.
 */
final class PreparedFolder {
  /** What tasks are written to until they are done. */
  static final String WRITING = "_writing";

  private static final String MANIFEST = "preparation.json";
  private static final Pattern TASK_FILE = Pattern.compile("(task|evaluation)-[0-9]{4,9}\\.jsonl");
  private static final int LONGEST_MANIFEST = 1 << 26;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private final String location;
  private final Path path;
  private final FileSystem files;

  /** The folder at a location, which need not be there; a local path or any Hadoop URI. */
  PreparedFolder(Storage storage, String location) {
    try {
      Path written = Storage.path(location);
      this.location = location;
      this.files = storage.fileSystem(written);
      this.path = files.makeQualified(written);
    } catch (IOException e) {
      throw new PreparationException(
          "the folder %s cannot be reached: %s".formatted(location, e.getMessage()), e);
    }
  }

  /** As it was given. */
  String location() {
    return location;
  }

  Path path() {
    return path;
  }

  Path file(PreparedTask task) {
    return new Path(path, task.file());
  }

  FileSystem files() {
    return files;
  }

  /** What the folder holds, if it was finished and every file is there at its length. */
  Optional<Prepared> finished() {
    return reached(
        () -> {
          Optional<Prepared> found = manifest();
          return found.isPresent() && isWhole(found.get()) ? found : Optional.empty();
        });
  }

  /**
   * Empties the folder of an earlier preparation.
   *
   * @throws PreparationException if something else lies there; nothing is deleted then
   */
  void clear() {
    reached(
        () -> {
          if (!files.exists(path)) {
            return files.mkdirs(path);
          }
          FileStatus[] entries = files.listStatus(path);
          for (FileStatus entry : entries) {
            String name = entry.getPath().getName();
            if (!isOurs(name)) {
              throw new PreparationException(
                  "%s holds %s, which is not of a preparation, so nothing is prepared there: choose another folder, or empty it yourself"
                      .formatted(location, name));
            }
          }
          files.delete(new Path(path, MANIFEST), false); // first: what follows is unfinished
          for (FileStatus entry : entries) {
            files.delete(entry.getPath(), true);
          }
          return true;
        });
  }

  /**
   * Gives a file that was written its name.
   *
   * @return its length
   */
  long place(String written, String name) {
    return reached(
        () -> {
          Path from = new Path(new Path(path, WRITING), written);
          Path to = new Path(path, name);
          try {
            long bytes = files.getFileStatus(from).getLen();
            if (!files.rename(from, to)) {
              throw new IOException("%s could not be named %s".formatted(from, name));
            }
            return bytes;
          } catch (FileNotFoundException e) {
            throw new PreparationException(
                "what an executor wrote to %s is not there: the folder has to be one that driver and executors share"
                    .formatted(location),
                e);
          }
        });
  }

  /** Finishes the folder. */
  void finish(Prepared prepared) {
    reached(
        () -> {
          files.delete(new Path(path, WRITING), true);
          try (OutputStream out = files.create(new Path(path, MANIFEST), true)) {
            out.write(JSON.writeValueAsBytes(prepared));
          }
          return true;
        });
  }

  private Optional<Prepared> manifest() throws IOException {
    Path file = new Path(path, MANIFEST);
    if (!files.exists(file)) {
      return Optional.empty();
    }
    try (InputStream in = files.open(file)) {
      byte[] bytes = in.readNBytes(LONGEST_MANIFEST);
      return Optional.of(JSON.readValue(bytes, Prepared.class));
    } catch (IOException | RuntimeException e) { // half written, or of another version
      return Optional.empty();
    }
  }

  private boolean isWhole(Prepared prepared) throws IOException {
    if (prepared.format() != Prepared.FORMAT) {
      return false;
    }
    for (PreparedTask task : prepared.all()) {
      if (!TASK_FILE.matcher(task.file()).matches()) {
        return false;
      }
      Path file = new Path(path, task.file());
      if (!files.exists(file) || files.getFileStatus(file).getLen() != task.bytes()) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOurs(String name) {
    String plain =
        name.startsWith(".") && name.endsWith(".crc") ? name.substring(1, name.length() - 4) : name;
    return plain.equals(MANIFEST) || plain.equals(WRITING) || TASK_FILE.matcher(plain).matches();
  }

  private interface Access<T> {
    T get() throws IOException;
  }

  private <T> T reached(Access<T> access) {
    try {
      return access.get();
    } catch (IOException e) {
      throw new PreparationException(
          "the folder %s cannot be used: %s".formatted(location, e.getMessage()), e);
    }
  }
}
