package io.instructorspark.spark;

import io.instructorspark.checkpoint.remote.RemoteFile;
import io.instructorspark.checkpoint.remote.RemoteStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.AccessDeniedException;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.io.WritableUtils;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.util.VersionInfo;
import org.apache.spark.sql.SparkSession;

/**
 * Every store that Hadoop's file systems reach, by the session's settings. The settings travel with
 * it, credentials included, as they do with any read of Spark's; nothing of them is ever shown.
 */
final class HadoopStore implements RemoteStore {
  private static final long serialVersionUID = 1;

  private transient Configuration conf;

  HadoopStore(Configuration conf) {
    this.conf = conf;
  }

  /**
   * With the settings of a session: Spark's own for Hadoop, and over them what was set in the
   * session under Hadoop's names.
   */
  static HadoopStore of(SparkSession session) {
    Configuration conf = new Configuration(session.sparkContext().hadoopConfiguration());
    Seqs.map(session.conf().getAll())
        .forEach(
            (key, value) -> {
              if (!key.startsWith("spark.")) {
                conf.set(key, value);
              }
            });
    return new HadoopStore(conf);
  }

  @Override
  public String qualify(String location) throws IOException {
    try {
      Path path = new Path(location);
      return fileSystem(path).makeQualified(path).toString();
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "it is not a URI that Hadoop understands: %s".formatted(e.getMessage()), e);
    }
  }

  @Override
  public Optional<RemoteFile> find(String folder, String path) throws IOException {
    Path file = new Path(folder, path);
    try {
      FileStatus status = fileSystem(file).getFileStatus(file);
      return status.isFile()
          ? Optional.of(new RemoteFile(status.getLen(), version(status)))
          : Optional.empty();
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (AccessDeniedException | AccessControlException e) {
      throw refused(file, e);
    }
  }

  @Override
  public InputStream open(String folder, String path) throws IOException {
    Path file = new Path(folder, path);
    try {
      return fileSystem(file).open(file);
    } catch (AccessDeniedException | AccessControlException e) {
      throw refused(file, e);
    }
  }

  private static IOException refused(Path file, IOException e) {
    return new IOException(
        ("the store refuses it to this user: %s. Check the credentials, which are Hadoop's settings"
                + " for %s: (spark.hadoop.…) or those of the environment, and what they permit")
            .formatted(e.getMessage(), file.toUri().getScheme()),
        e);
  }

  /** Hadoop keeps one for each scheme, authority and user. */
  private FileSystem fileSystem(Path path) throws IOException {
    String scheme = path.toUri().getScheme();
    try {
      return path.getFileSystem(conf);
    } catch (UnsupportedFileSystemException | LinkageError e) {
      throw missing(scheme, e);
    } catch (RuntimeException e) { // how Hadoop says that a class is missing, or a setting wrong
      if (e.getCause() instanceof ClassNotFoundException) {
        throw missing(scheme, e.getCause());
      }
      throw new IOException(
          "Hadoop's file system for %s: does not start: %s".formatted(scheme, e.getMessage()), e);
    }
  }

  private static IOException missing(String scheme, Throwable e) {
    return new IOException(
        ("Hadoop has no file system for %s: here (%s). Put the library that has it on Spark's class"
                + " path, with all that it needs, as spark-submit does for s3a: with --packages"
                + " org.apache.hadoop:hadoop-aws:%s")
            .formatted(scheme, e.getMessage(), VersionInfo.getVersion()),
        e);
  }

  private static String version(FileStatus status) {
    if (status instanceof EtagSource tagged && tagged.getEtag() != null) {
      return tagged.getEtag();
    }
    return status.getModificationTime() == 0 ? "" : Long.toString(status.getModificationTime());
  }

  /** The value of a setting as Hadoop understands it; null where there is none. */
  String get(String setting) {
    return conf.get(setting);
  }

  /** Over a thousand settings, most of them Hadoop's own: a tenth of the bytes when compressed. */
  private void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (DataOutputStream data = new DataOutputStream(new GZIPOutputStream(compressed))) {
      for (Map.Entry<String, String> setting : conf) {
        WritableUtils.writeString(data, setting.getKey());
        WritableUtils.writeString(data, setting.getValue());
      }
      WritableUtils.writeString(data, null);
    }
    out.writeObject(compressed.toByteArray());
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    conf = new Configuration(false);
    byte[] compressed = (byte[]) in.readObject();
    try (DataInputStream data =
        new DataInputStream(new GZIPInputStream(new ByteArrayInputStream(compressed)))) {
      String key = WritableUtils.readString(data);
      while (key != null) {
        conf.set(key, WritableUtils.readString(data));
        key = WritableUtils.readString(data);
      }
    }
  }
}
