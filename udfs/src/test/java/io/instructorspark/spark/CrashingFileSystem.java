package io.instructorspark.spark;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.apache.spark.sql.SparkSession;

/**
 * A store whose client dies at the change that was chosen: from then on it changes nothing any
 * more. A file that is being written then keeps the first half of what was given to it.
 */
public final class CrashingFileSystem extends RawLocalFileSystem {
  private static final int NEVER = Integer.MAX_VALUE;
  private static final AtomicInteger LEFT = new AtomicInteger(NEVER);

  static void use(SparkSession session) {
    session.conf().set("fs.crash.impl", CrashingFileSystem.class.getName());
  }

  /** The client dies at this change from now on, 0 being the next. */
  static void crashAt(int change) {
    LEFT.set(change);
  }

  /** Another client, which lives. */
  static void revive() {
    LEFT.set(NEVER);
  }

  /** Whether the chosen change was reached. */
  static boolean crashed() {
    return LEFT.get() < 0;
  }

  private static void change() throws IOException {
    if (LEFT.get() != NEVER && LEFT.getAndDecrement() <= 0) {
      throw new IOException("the client is dead");
    }
  }

  @Override
  public URI getUri() {
    return URI.create("crash:///");
  }

  @Override
  public String getScheme() {
    return "crash";
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return dying(
        super.create(file, permission, overwrite, bufferSize, replication, blockSize, progress));
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return dying(super.create(file, overwrite, bufferSize, replication, blockSize, progress));
  }

  private static FSDataOutputStream dying(OutputStream out) throws IOException {
    change();
    return new FSDataOutputStream(
        new FilterOutputStream(out) {
          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            if (LEFT.get() == 0) {
              out.write(bytes, offset, length / 2);
            }
            change();
            out.write(bytes, offset, length);
          }
        },
        null);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    change();
    return super.delete(path, recursive);
  }

  @Override
  public boolean mkdirs(Path path) throws IOException {
    if (!exists(path)) {
      change();
    }
    return super.mkdirs(path);
  }
}
