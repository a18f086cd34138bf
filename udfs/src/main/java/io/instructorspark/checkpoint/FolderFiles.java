package io.instructorspark.checkpoint;

import io.instructorspark.checkpoint.remote.Access;
import io.instructorspark.checkpoint.remote.FileDigests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** A checkpoint in a folder. Symbolic links are followed where {@link FolderLinks} allows it. */
final class FolderFiles implements CheckpointFiles {
  private final Path folder;
  private final String shown;
  private final FileDigests digests;
  private final FolderLinks links;

  FolderFiles(Path folder) {
    this(folder, Access.ofThisMachine().digests());
  }

  FolderFiles(Path folder, FileDigests digests) {
    this(folder, folder.toAbsolutePath().normalize().toString(), digests);
  }

  /**
   * @param shown what to call the folder in errors, where a user knows it by another name
   */
  FolderFiles(Path folder, String shown, FileDigests digests) {
    this.shown = shown;
    this.digests = digests;
    this.folder = folder.toAbsolutePath().normalize();
    if (!Files.exists(this.folder)) {
      throw new CheckpointException(
          ("there is no folder %s. Give the folder that holds modules.json, hf://org/name for a"
                  + " repository of the Hugging Face hub, or %sinstructor-mini")
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
    return path.isEmpty() ? shown : shown + "/" + path;
  }

  @Override
  public boolean has(String path) {
    return links.file(path).isPresent();
  }

  @Override
  public String sha256(String path) throws IOException {
    return digests.of(file(path));
  }

  @Override
  public Optional<Path> folder() {
    return Optional.of(folder);
  }

  @Override
  public ByteSource open(String path) throws IOException {
    return new FileBytes(file(path), describe(path));
  }

  /** Where a file lies on this machine. */
  Path file(String path) throws NoSuchFileException {
    return links.file(path).orElseThrow(() -> new NoSuchFileException(describe(path)));
  }
}
