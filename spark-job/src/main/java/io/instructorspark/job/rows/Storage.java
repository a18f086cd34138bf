package io.instructorspark.job.rows;

import io.instructorspark.job.report.Secrets;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The file systems and codecs of one session, {@link ZstdCodec} and {@link Bzip2Codec} among them;
 * travels to executors.
 *
 * @param hadoop the session's Hadoop configuration
 */
public record Storage(SerializableConfiguration hadoop) implements Serializable {
  /** The Hadoop setting that lists codecs; also understood by Spark's readers as an option. */
  static final String CODECS = "io.compression.codecs";

  private static final byte[] UTF_8_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final byte[] UTF_16_LITTLE_MARK = {(byte) 0xFF, (byte) 0xFE};
  private static final byte[] UTF_16_BIG_MARK = {(byte) 0xFE, (byte) 0xFF};

  /** Of a session, with all its settings. */
  public static Storage of(SparkSession spark) {
    Configuration settings = new Configuration(spark.sparkContext().hadoopConfiguration());
    CollectionConverters.asJava(spark.conf().getAll()).forEach(settings::set);
    String codecs = settings.getTrimmed(CODECS, "");
    String ours = ZstdCodec.class.getName() + "," + Bzip2Codec.class.getName();
    settings.set(CODECS, codecs.isEmpty() ? ours : codecs + "," + ours);
    return new Storage(new SerializableConfiguration(settings));
  }

  String codecs() {
    return hadoop.value().get(CODECS);
  }

  /** The file system that holds a path. */
  public FileSystem fileSystem(Path path) throws IOException {
    return path.getFileSystem(hadoop.value());
  }

  /** The bytes of a file, decompressed as its suffix says. The caller closes. */
  InputStream open(Path file) throws IOException {
    InputStream stored = fileSystem(file).open(file);
    CompressionCodec codec = new CompressionCodecFactory(hadoop.value()).getCodec(file);
    if (codec == null) {
      return stored;
    }
    try {
      return codec.createInputStream(stored);
    } catch (IOException | RuntimeException e) {
      stored.close();
      throw e;
    }
  }

  /**
   * As {@link #open}, past the UTF-8 byte order mark if there is one.
   *
   * @throws InputException if the file begins as UTF-16 does
   */
  public InputStream openText(Path file) throws IOException {
    PushbackInputStream plain = new PushbackInputStream(open(file), UTF_8_MARK.length);
    try {
      byte[] head = plain.readNBytes(UTF_8_MARK.length);
      if (begins(head, UTF_16_LITTLE_MARK) || begins(head, UTF_16_BIG_MARK)) {
        throw new InputException(
            "%s is UTF-16 where UTF-8 is expected: convert it first (iconv -f UTF-16 -t UTF-8 IN > OUT)"
                .formatted(shown(file)));
      }
      if (!Arrays.equals(head, UTF_8_MARK)) {
        plain.unread(head);
      }
      return plain;
    } catch (IOException | RuntimeException e) {
      plain.close();
      throw e;
    }
  }

  /** The path a user wrote; a local name that no URI can be is taken as it is. */
  public static Path path(String written) {
    try {
      return new Path(written);
    } catch (IllegalArgumentException noUri) {
      try {
        java.nio.file.Path local = java.nio.file.Path.of(written);
        if (Files.exists(local)) {
          return new Path(local.toUri());
        }
      } catch (InvalidPathException e) {
        noUri.addSuppressed(e);
      }
      throw new InputException("no path: '%s' (%s)".formatted(written, noUri.getMessage()), noUri);
    }
  }

  /** The paths as Spark's readers take them: characters of globs stand for themselves. */
  static String[] literally(List<Path> files) {
    return files.stream()
        .map(file -> file.toString().replaceAll("[\\\\{}\\[\\]*?]", "\\\\$0"))
        .toArray(String[]::new);
  }

  /** A path as users write it: without the scheme where it is local, and without secrets. */
  public static String shown(Path path) {
    boolean local = "file".equals(path.toUri().getScheme());
    return local ? path.toUri().getPath() : Secrets.redacted(path.toString());
  }

  private static boolean begins(byte[] bytes, byte[] mark) {
    return bytes.length >= mark.length
        && Arrays.equals(bytes, 0, mark.length, mark, 0, mark.length);
  }
}
