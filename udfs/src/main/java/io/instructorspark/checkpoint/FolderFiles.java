package io.instructorspark.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * A checkpoint in a folder. Symbolic links are followed: Hugging Face's own cache is made of them.
 */
final class FolderFiles implements CheckpointFiles {
  private final Path folder;

  FolderFiles(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
    if (!Files.exists(this.folder)) {
      throw new CheckpointException(
          "there is no folder %s. Give the folder that holds modules.json, or %sinstructor-mini"
              .formatted(this.folder, Location.BUILTIN));
    }
    if (!Files.isDirectory(this.folder)) {
      throw new CheckpointException(
          "%s is a file. Give the folder that holds modules.json".formatted(this.folder));
    }
    if (!Files.isReadable(this.folder) || !Files.isExecutable(this.folder)) {
      throw new CheckpointException(
          "the folder %s may not be read by this user; check its permissions"
              .formatted(this.folder));
    }
  }

  @Override
  public String describe(String path) {
    return folder.resolve(path).toString();
  }

  @Override
  public boolean has(String path) {
    return Files.isRegularFile(folder.resolve(path));
  }

  @Override
  public String identity(String path) throws IOException {
    Path file = folder.resolve(path).toRealPath();
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return "%s %s %d %s"
        .formatted(
            file,
            attributes.fileKey(),
            attributes.size(),
            attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
  }

  @Override
  public ByteSource open(String path) throws IOException {
    return new FileBytes(folder.resolve(path));
  }
}
