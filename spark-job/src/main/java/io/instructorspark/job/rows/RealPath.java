package io.instructorspark.job.rows;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where a path leads when symbolic links are followed, so that two of them can be compared.
 *
 * @param location the qualified path, without a slash at its end
 */
record RealPath(String location) {

  /** Of a file or folder that need not be there yet. */
  static RealPath of(Storage storage, Path path) throws IOException {
    FileSystem fileSystem = storage.fileSystem(path);
    Path qualified = fileSystem.makeQualified(path);
    if (!"file".equals(qualified.toUri().getScheme())) {
      return new RealPath(resolved(fileSystem, qualified).toString());
    }
    java.nio.file.Path local = java.nio.file.Path.of(qualified.toUri().getPath());
    java.nio.file.Path there = local;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    java.nio.file.Path real = there.toRealPath().resolve(there.relativize(local)).normalize();
    return new RealPath("file:" + real);
  }

  /** Whether this is the folder or lies below it. */
  boolean isIn(RealPath folder) {
    String prefix = folder.location.endsWith("/") ? folder.location : folder.location + "/";
    return (location + "/").startsWith(prefix);
  }

  private static Path resolved(FileSystem fileSystem, Path path) throws IOException {
    try {
      return fileSystem.resolvePath(path);
    } catch (FileNotFoundException e) {
      return path;
    }
  }
}
