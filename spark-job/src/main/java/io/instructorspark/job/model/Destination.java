package io.instructorspark.job.model;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.CheckpointFile;
import io.instructorspark.checkpoint.remote.Sha256;
import io.instructorspark.checkpoint.remote.TransferWatch;
import io.instructorspark.job.report.Secrets;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A folder that a checkpoint is copied to: of this machine, or of any store that Hadoop reaches. It
 * becomes a checkpoint with its last file, {@value #LAST}, so that a copy that was broken off is
 * never taken for one.
 */
final class Destination {
  private static final String LAST = "modules.json";
  private static final int BUFFER = 1 << 20;

  /** Two letters at least, so that a Windows drive is no scheme. */
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):.*");

  private static final Set<String> NOT_WRITTEN = Set.of("hf", "http", "https", "builtin");

  /** Files that need not be there, and change what a checkpoint is where they are. */
  private static final List<String> OPTIONAL =
      List.of(
          "sentence_bert_config.json",
          "model.safetensors",
          "model.safetensors.index.json",
          "pytorch_model.bin",
          "pytorch_model.bin.index.json");

  private final String location;
  private final Path folder;
  private final FileSystem files;

  private Destination(String location, Path folder, FileSystem files) {
    this.location = location;
    this.folder = folder;
    this.files = files;
  }

  /**
   * The place of a location; touches nothing.
   *
   * @throws IllegalArgumentException if nothing is ever written to such a place
   * @throws DestinationException if Hadoop does not reach it
   */
  static Destination of(String location, Configuration hadoop) {
    requireWritable(location);
    Matcher scheme = SCHEME.matcher(location);
    try {
      if (scheme.matches() && !scheme.group(1).equalsIgnoreCase("file")) {
        Path folder = new Path(location);
        return new Destination(location, folder, folder.getFileSystem(hadoop));
      }
      java.nio.file.Path local =
          scheme.matches()
              ? java.nio.file.Path.of(java.net.URI.create(location))
              : java.nio.file.Path.of(location);
      // the raw one: the other puts files of checksums beside those that are copied
      return new Destination(
          location,
          new Path(local.toAbsolutePath().normalize().toUri()),
          FileSystem.getLocal(hadoop).getRawFileSystem());
    } catch (IOException
        | RuntimeException
        | LinkageError e) { // how Hadoop says that a class or setting is wrong
      throw new DestinationException(
          ("cannot reach %s: %s. A store needs its library on Spark's class path and its settings in"
                  + " spark.hadoop.*")
              .formatted(Secrets.redacted(location), e.getMessage()),
          e);
    }
  }

  private static void requireWritable(String location) {
    if (location.isBlank()) {
      throw new IllegalArgumentException("--to needs a folder, or a URI that Hadoop writes");
    }
    if (location.equals("~") || location.startsWith("~/")) {
      throw new IllegalArgumentException(
          "--to %s: only a shell knows what ~ is, and here it has not replaced it. Write the folder out"
              .formatted(location));
    }
    Matcher scheme = SCHEME.matcher(location);
    if (scheme.matches() && NOT_WRITTEN.contains(scheme.group(1).toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "--to %s: nothing is written to %s:; give a folder, or a URI that Hadoop writes (hdfs:, s3a:, ...)"
              .formatted(Secrets.redacted(location), scheme.group(1)));
    }
    if (!Secrets.redacted(location).equals(location)) {
      throw new IllegalArgumentException(
          "--to holds credentials. Give them in Hadoop's settings (spark.hadoop....) and leave them out of the URI");
    }
  }

  /** Whether nothing lies there yet. */
  boolean isEmpty() {
    return reached(() -> files(folder).length == 0);
  }

  /** Whether a checkpoint lies there, or what looks like one. */
  boolean isCheckpoint() {
    return reached(() -> files.exists(new Path(folder, LAST)));
  }

  /** Whether it is this folder of this machine, by whatever name. */
  boolean is(java.nio.file.Path other) {
    return reached(
        () -> {
          if (!isOnThisMachine()) {
            return false;
          }
          java.nio.file.Path here = java.nio.file.Path.of(folder.toUri());
          return java.nio.file.Files.exists(here) && java.nio.file.Files.isSameFile(here, other);
        });
  }

  /** Whether exactly this checkpoint lies there. Reads all of it if the sizes are right. */
  boolean holds(Checkpoint checkpoint) {
    List<CheckpointFile> wanted = checkpoint.files();
    return reached(
        () -> {
          for (CheckpointFile file : wanted) {
            FileStatus there = status(file);
            if (there == null || !there.isFile() || there.getLen() != file.size()) {
              return false;
            }
          }
          for (CheckpointFile file : wanted) {
            if (!sha256(file).equals(file.sha256())) {
              return false;
            }
          }
          return stale(wanted).isEmpty();
        });
  }

  /**
   * Copies the files and reads them back. Replaces those of another checkpoint that lie in the way;
   * whatever else lies there stays.
   *
   * @throws DestinationException if it cannot be written, or reads back as something else
   */
  void copy(Checkpoint checkpoint, TransferWatch watch) {
    List<CheckpointFile> all = checkpoint.files();
    reached(
        () -> {
          files.delete(new Path(folder, LAST), false);
          for (Path stale : stale(all)) {
            files.delete(stale, false);
          }
          for (CheckpointFile file : all) {
            if (!file.path().equals(LAST)) {
              copy(checkpoint, file, watch);
            }
          }
          for (CheckpointFile file : all) {
            if (file.path().equals(LAST)) {
              copy(checkpoint, file, watch);
            }
          }
          for (CheckpointFile file : all) {
            if (!sha256(file).equals(file.sha256())) {
              files.delete(new Path(folder, LAST), false);
              throw new DestinationException(
                  "%s/%s does not read back as it was written; the copy is of no use. Try again with --if-exists overwrite"
                      .formatted(location, file.path()));
            }
          }
          return true;
        });
  }

  private boolean isOnThisMachine() {
    return "file".equals(folder.toUri().getScheme());
  }

  private void copy(Checkpoint checkpoint, CheckpointFile file, TransferWatch watch)
      throws IOException {
    String name = location + "/" + file.path();
    byte[] buffer = new byte[BUFFER];
    long done = 0;
    watch.transferred(name, 0, file.size());
    if (isOnThisMachine()) { // whose file system would write through a link
      files.delete(path(file), false);
    }
    try (InputStream in = checkpoint.openFile(file.path());
        OutputStream out = files.create(path(file), true)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        out.write(buffer, 0, count);
        done += count;
        if (done < file.size()) {
          watch.transferred(name, done, file.size());
        }
      }
    }
    watch.transferred(name, file.size(), file.size()); // now that the store has taken it
  }

  /** What another checkpoint left beside this one's files and would be read with them. */
  private Set<Path> stale(List<CheckpointFile> wanted) throws IOException {
    Set<Path> expected = new LinkedHashSet<>();
    Set<Path> folders = new LinkedHashSet<>();
    for (CheckpointFile file : wanted) {
      expected.add(path(file));
      folders.add(path(file).getParent());
    }
    Set<Path> stale = new LinkedHashSet<>();
    for (Path parent : folders) {
      for (String name : OPTIONAL) {
        Path path = new Path(parent, name);
        if (!expected.contains(path) && files.exists(path)) {
          stale.add(path);
        }
      }
    }
    return stale;
  }

  private String sha256(CheckpointFile file) throws IOException {
    try (InputStream in = files.open(path(file))) {
      return Sha256.of(in);
    }
  }

  private Path path(CheckpointFile file) {
    return new Path(folder, file.path());
  }

  private FileStatus status(CheckpointFile file) throws IOException {
    try {
      return files.getFileStatus(path(file));
    } catch (FileNotFoundException e) {
      return null;
    }
  }

  private FileStatus[] files(Path parent) throws IOException {
    try {
      if (files.getFileStatus(parent).isFile()) {
        throw new DestinationException(
            "%s is a file; --to takes the folder to copy to".formatted(location));
      }
      return files.listStatus(parent);
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }

  private interface Access {
    boolean get() throws IOException;
  }

  private DestinationException broken(Throwable reason) {
    return new DestinationException(
        "cannot copy to %s: %s".formatted(location, reason.getMessage()), reason);
  }

  private boolean reached(Access access) {
    try {
      return access.get();
    } catch (IOException e) {
      throw broken(e);
    } catch (FSError e) { // how Hadoop says that a disk is full
      throw broken(e.getCause() == null ? e : e.getCause());
    }
  }
}
