package io.instructorspark.checkpoint;

import io.instructorspark.checkpoint.remote.RemoteFile;
import io.instructorspark.checkpoint.remote.RemoteStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Folders that look local but are not, as {@code /dbfs}, {@code /Volumes} or a mounted bucket: each
 * read of them goes over the network.
 */
final class FolderStore implements RemoteStore {
  private static final long serialVersionUID = 1;

  /** Whether a folder lies on such a mount. A folder that is not there is not. */
  static boolean isRemote(Path folder) {
    try {
      return Files.isDirectory(folder) && isRemote(Files.getFileStore(folder).type());
    } catch (IOException e) {
      throw new CheckpointException("cannot read the folder %s: %s".formatted(folder, e), e);
    }
  }

  /**
   * FUSE names its mounts {@code fuse} or {@code fuse.PROGRAM}, on a Mac {@code macfuse}; {@code
   * fuseblk} is a disk.
   */
  static boolean isRemote(String fileSystem) {
    return fileSystem.equals("fuse")
        || fileSystem.startsWith("fuse.")
        || fileSystem.startsWith("macfuse");
  }

  @Override
  public String qualify(String location) {
    return Location.folder(location).toAbsolutePath().normalize().toString();
  }

  @Override
  public Optional<RemoteFile> find(String folder, String path) throws IOException {
    FolderFiles files = new FolderFiles(Path.of(folder));
    if (!files.has(path)) {
      return Optional.empty();
    }
    Path file = files.file(path);
    FileTime changed = Files.getLastModifiedTime(file);
    String version = changed.toMillis() == 0 ? "" : "" + changed.to(TimeUnit.NANOSECONDS);
    return Optional.of(new RemoteFile(Files.size(file), version));
  }

  @Override
  public InputStream open(String folder, String path) throws IOException {
    Path file = new FolderFiles(Path.of(folder)).file(path);
    return Channels.newInputStream(FileChannel.open(file, StandardOpenOption.READ));
  }
}
