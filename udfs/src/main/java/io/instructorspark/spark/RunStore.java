package io.instructorspark.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Small files and listings of a run's output, on whatever store it is. Every failure is an {@link
 * OutputException} that names the output. Travels to executors.
 *
 * @param output the folder, qualified
 * @param hadoop the session's settings
 */
record RunStore(String output, SerializableConfiguration hadoop) implements Serializable {
  /** A file that says one thing is not longer; what is, somebody else wrote. */
  static final long SMALL = 1 << 16;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  static RunStore of(SparkSession session, String location) {
    SerializableConfiguration hadoop =
        new SerializableConfiguration(ClassicSpark.sessionState(session).newHadoopConf());
    try {
      Path path = new Path(location);
      FileSystem files = path.getFileSystem(hadoop.value());
      return new RunStore(files.makeQualified(path).toString(), hadoop);
    } catch (IOException | IllegalArgumentException e) {
      throw new OutputException(
          "the output %s cannot be reached: %s".formatted(location, e.getMessage()), e);
    }
  }

  /** The folder as users write it: without the scheme where it is local. */
  String shown() {
    return output.startsWith("file:") ? root().toUri().getPath() : output;
  }

  Path root() {
    return new Path(output);
  }

  boolean exists(Path file) {
    return ask(files -> files.exists(file));
  }

  boolean isDirectory(Path file) {
    return ask(files -> files.getFileStatus(file).isDirectory());
  }

  /** Whether a local folder is a link to another. */
  static boolean isLink(Path file) {
    return "file".equals(file.toUri().getScheme())
        && Files.isSymbolicLink(java.nio.file.Path.of(file.toUri().getPath()));
  }

  /** What a folder holds; nothing where it is missing. */
  List<FileStatus> entries(Path folder) {
    return ask(
        files -> {
          try {
            return Arrays.asList(files.listStatus(folder));
          } catch (FileNotFoundException e) {
            return List.of();
          }
        });
  }

  /** Names of what a folder holds. */
  List<String> names(Path folder) {
    return entries(folder).stream().map(file -> file.getPath().getName()).toList();
  }

  /** Bytes of a file; -1 where there is none. */
  long length(Path file) {
    return ask(
        files -> {
          try {
            return files.getFileStatus(file).getLen();
          } catch (FileNotFoundException e) {
            return -1L;
          }
        });
  }

  /**
   * Parses what was written by {@link #write}; empty if it is missing, or broken off.
   *
   * @param most bytes
   * @throws OutputException if it is longer
   */
  <T> Optional<T> read(Path file, Class<T> type, long most) {
    return ask(
        files -> {
          try {
            long length = files.getFileStatus(file).getLen();
            if (length > most) {
              throw new OutputException(
                  "%s has %,d bytes, and no run writes such a file; look what it is and remove it"
                      .formatted(file, length));
            }
            try (InputStream in = files.open(file)) {
              return Optional.ofNullable(JSON.readValue(in.readAllBytes(), type));
            }
          } catch (FileNotFoundException | JsonProcessingException | ChecksumException e) {
            return Optional.empty();
          }
        });
  }

  /**
   * Writes a file, over one that is there.
   *
   * @throws OutputException if it cannot be written
   */
  void write(Path file, Object content) {
    write(file, bytes(content));
  }

  void write(Path file, byte[] content) {
    try (OutputStream out = files().create(file, true)) {
      out.write(content);
    } catch (IOException e) {
      throw unwritable(file, e);
    } catch (FSError e) { // Hadoop's local file system, where the disk is full
      throw unwritable(file, e.getCause());
    }
  }

  /**
   * Writes a file that is not there yet. Of two who try at once, one succeeds where the store says
   * so by itself, as HDFS and local disks do; elsewhere the last one's content stays.
   *
   * @throws IOException if it is there, or cannot be written
   */
  void createNew(Path file, Object content) throws IOException {
    if (file.toUri().getScheme().equals("file")) { // Hadoop looks first and creates then
      java.nio.file.Path local = java.nio.file.Path.of(file.toUri().getPath());
      Files.createDirectories(local.getParent());
      Files.write(local, bytes(content), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      return;
    }
    try (OutputStream out = files().create(file, false)) {
      out.write(bytes(content));
    }
  }

  void delete(Path unwanted) {
    ask(files -> files.delete(unwanted, true));
  }

  /** What a task returns, in a form that every serializer of Spark's takes. */
  static String text(Object content) {
    return new String(bytes(content), StandardCharsets.UTF_8);
  }

  /** The values of {@link #text}. */
  static <T> List<T> values(List<String> texts, Class<T> type) {
    List<T> values = new ArrayList<>(texts.size());
    try {
      for (String text : texts) {
        values.add(JSON.readValue(text, type));
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("no " + type.getSimpleName() + ": " + texts, e);
    }
    return values;
  }

  private static byte[] bytes(Object content) {
    try {
      return JSON.writeValueAsBytes(content);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("no JSON: " + content, e);
    }
  }

  OutputException unwritable(Path file, Throwable e) {
    return new OutputException(
        "%s cannot be written: %s. What is finished stays; make room for it or permit it, then run again with --if-exists resume"
            .formatted(file, reason(e)),
        e);
  }

  private static String reason(Throwable e) {
    return e instanceof FileSystemException local && local.getReason() != null
        ? local.getReason()
        : e.getMessage();
  }

  private FileSystem files() throws IOException {
    return root().getFileSystem(hadoop.value());
  }

  private <T> T ask(Question<T> question) {
    try {
      return question.ask(files());
    } catch (IOException e) {
      throw new OutputException(
          "the output %s cannot be reached: %s".formatted(shown(), e.getMessage()), e);
    }
  }

  private interface Question<T> {
    T ask(FileSystem files) throws IOException;
  }
}
