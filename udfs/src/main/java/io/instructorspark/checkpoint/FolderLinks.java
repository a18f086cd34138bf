package io.instructorspark.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Finds the files of a checkpoint's folder and decides which of its symbolic links may be followed:
 * those that stay inside, and those from a snapshot of Hugging Face's cache to the blobs beside it.
 *
 * @param folder as the user gave it; may itself be a link
 * @param root its real path
 */
record FolderLinks(Path folder, Path root) {
  static FolderLinks of(Path folder) {
    try {
      return new FolderLinks(folder, folder.toRealPath());
    } catch (IOException e) {
      throw new CheckpointException("cannot read the folder %s: %s".formatted(folder, e), e);
    }
  }

  /**
   * A regular file, or nothing where there is none of that name.
   *
   * @throws CheckpointException for a link that leads out, to nothing or in a circle, and for what
   *     is no regular file: to open a pipe would wait for ever
   */
  Optional<Path> file(String path) {
    Path at = folder;
    try {
      for (Path part : Path.of(path)) {
        at = at.resolve(part);
        if (Files.isSymbolicLink(at)) {
          requireAllowed(at);
        } else if (!Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
          return Optional.empty();
        }
      }
      requireRegular(at);
      return Optional.of(at);
    } catch (InvalidPathException e) {
      throw new CheckpointException(
          "%s cannot have a file \"%s\": %s".formatted(folder, path, e.getReason()), e);
    } catch (IOException e) {
      throw new CheckpointException("cannot read %s: %s".formatted(at, e), e);
    }
  }

  private void requireAllowed(Path link) throws IOException {
    Path target = Files.readSymbolicLink(link);
    Path real;
    try {
      real = link.toRealPath();
    } catch (NoSuchFileException e) {
      throw new CheckpointException(
          "%s is a link to %s, which is not there. Download the file again".formatted(link, target),
          e);
    } catch (IOException e) {
      throw new CheckpointException(
          "%s is a link to %s, which cannot be followed: %s".formatted(link, target, e), e);
    }
    if (!real.startsWith(root) && !isBlobBeside(real)) {
      throw new CheckpointException(
          ("%s is a link to %s, which lies outside the checkpoint's folder; only links within"
                  + " it are followed. If you trust the file, put a copy in the link's place")
              .formatted(link, target));
    }
  }

  /**
   * {@code models--org--name/snapshots/COMMIT} links to {@code models--org--name/blobs}, and these
   * may link on to {@code blobs} of the whole cache, which repositories share.
   */
  private boolean isBlobBeside(Path real) {
    Path snapshots = root.getParent();
    Path repository = snapshots == null ? null : snapshots.getParent();
    return repository != null
        && repository.getFileName() != null
        && repository.getFileName().toString().startsWith("models--")
        && snapshots.endsWith("snapshots")
        && (real.startsWith(repository.resolve("blobs"))
            || real.startsWith(repository.resolveSibling("blobs")));
  }

  private static void requireRegular(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      throw new CheckpointException(
          "%s is %s, expected a file"
              .formatted(file, attributes.isDirectory() ? "a folder" : "a pipe or device"));
    }
  }
}
