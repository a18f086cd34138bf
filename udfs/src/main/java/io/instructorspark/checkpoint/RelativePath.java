package io.instructorspark.checkpoint;

import java.util.ArrayList;
import java.util.List;

/** Joins paths that a checkpoint's files mention to the folder that mentions them. */
final class RelativePath {
  private RelativePath() {}

  /**
   * The path of {@code path} as seen from the checkpoint's top.
   *
   * @param folder an already joined path, empty for the top
   * @param path as written in a file, so not to be trusted
   * @param where the file that says so, for the error
   * @throws CheckpointException if it could lead out of the checkpoint
   */
  static String join(String folder, String path, String where) {
    List<String> parts = new ArrayList<>();
    if (!folder.isEmpty()) {
      parts.add(folder);
    }
    boolean leaves = path.startsWith("/");
    for (String part : path.split("/", -1)) {
      leaves |= part.equals("..") || part.chars().anyMatch(c -> c < ' ' || c == '\\' || c == ':');
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    if (leaves) {
      throw new CheckpointException(
          ("%s names the path \"%s\", which leads out of the checkpoint; only plain paths"
                  + " below it are read")
              .formatted(where, path));
    }
    return String.join("/", parts);
  }

  /** Joins a file name that this program chose itself. */
  static String join(String folder, String file) {
    return folder.isEmpty() ? file : folder + "/" + file;
  }
}
