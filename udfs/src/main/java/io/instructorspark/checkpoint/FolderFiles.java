package io.instructorspark.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/** A checkpoint in a folder. Symbolic links are followed where {@link FolderLinks} allows it. */
final class FolderFiles implements CheckpointFiles {
  private final Path folder;
  private final FolderLinks links;

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
    this.links = FolderLinks.of(this.folder);
  }

  @Override
  public String describe(String path) {
    return path.isEmpty()
        ? folder.toString()
        : folder + folder.getFileSystem().getSeparator() + path;
  }

  @Override
  public boolean has(String path) {
    return links.file(path).isPresent();
  }

  @Override
  public String identity(String path) throws IOException {
    Path file = existing(path).toRealPath();
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
    return new FileBytes(existing(path));
  }

  private Path existing(String path) throws NoSuchFileException {
    return links.file(path).orElseThrow(() -> new NoSuchFileException(describe(path)));
  }
}
