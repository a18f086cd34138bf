package io.instructorspark.job.model;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** A store of another scheme than the disk's; it can be told to break down. */
public final class ShelfFileSystem extends RawLocalFileSystem {
  /** How to make Hadoop know it. */
  static final String SETTING = "spark.hadoop.fs.shelf.impl=" + ShelfFileSystem.class.getName();

  /** Files it still takes. */
  static int room = Integer.MAX_VALUE;

  /** Whether what is written meets a full disk; Linux has one as a device. */
  static boolean full;

  @Override
  public URI getUri() {
    return URI.create("shelf:///");
  }

  @Override
  public String getScheme() {
    return "shelf";
  }

  @Override
  public FSDataOutputStream create(Path file, boolean overwrite) throws IOException {
    if (room-- <= 0) {
      throw new IOException("the shelf broke down");
    }
    return super.create(full ? new Path("/dev/full") : file, overwrite);
  }
}
