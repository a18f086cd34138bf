package io.instructorspark.job.rows;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The files behind one source, all of one format, in the order of their names.
 *
 * @param input the source as messages name it
 * @param format the format of all of them
 * @param files at least one file, none hidden
 * @param roots the files and folders that the source names, globs expanded
 * @param partitionRoot the folder whose sub-folders are partitions ({@code year=2024}); Parquet
 *     only
 */
record InputFiles(
    String input,
    InputFormat format,
    List<FileStatus> files,
    List<Path> roots,
    Optional<Path> partitionRoot) {
  private static final int SHOWN = 8;

  InputFiles {
    files = files.stream().sorted(Comparator.comparing(FileStatus::getPath)).distinct().toList();
    roots = List.copyOf(roots);
  }

  /** Lists the source on the driver; every way it can be wrong is an {@link InputException}. */
  static InputFiles find(Storage storage, RowSource source) {
    Path path = Storage.path(source.path());
    try {
      FileSystem files = storage.fileSystem(path);
      List<FileStatus> roots = roots(files, path);
      List<FileStatus> found = new ArrayList<>();
      List<FileStatus> folders = new ArrayList<>();
      for (FileStatus root : roots) {
        if (root.isDirectory()) {
          collect(files, root, found, folders);
        } else {
          found.add(visible(root));
        }
      }
      found.forEach(InputFiles::refuseColon);
      if (found.isEmpty()) {
        throw new InputException(
            "the folder %s holds no files (names that begin with _ or . are not read)"
                .formatted(source.path()));
      }
      InputFormat format = source.format().orElseGet(() -> oneFormat(source.path(), found));
      return new InputFiles(
          source.path(),
          format,
          found,
          roots.stream().map(FileStatus::getPath).toList(),
          partitionRoot(source.path(), format, roots, folders));
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    }
  }

  List<Path> paths() {
    return files.stream().map(FileStatus::getPath).toList();
  }

  private static List<FileStatus> roots(FileSystem files, Path path) throws IOException {
    try {
      return List.of(files.getFileStatus(path));
    } catch (FileNotFoundException e) {
      FileStatus[] matches = files.globStatus(path);
      if (matches == null) {
        throw new InputException(missing(files, path), e);
      }
      List<FileStatus> shown =
          Arrays.stream(matches).filter(match -> !isHidden(match.getPath())).toList();
      if (shown.isEmpty()) {
        throw new InputException("no file matches %s".formatted(Storage.shown(path)), e);
      }
      return shown;
    }
  }

  private static void collect(
      FileSystem files, FileStatus folder, List<FileStatus> found, List<FileStatus> folders)
      throws IOException {
    for (FileStatus entry : files.listStatus(folder.getPath())) {
      if (isHidden(entry.getPath())) {
        continue;
      }
      if (entry.isDirectory()) {
        folders.add(entry);
        collect(files, entry, found, folders);
      } else {
        found.add(entry);
      }
    }
  }

  /** Spark passes over hidden files without a word, so one that is named must be refused here. */
  private static FileStatus visible(FileStatus file) {
    if (isHidden(file.getPath())) {
      throw new InputException(
          "%s is hidden from Spark, which skips names that begin with _ or .: rename it"
              .formatted(Storage.shown(file.getPath())));
    }
    return file;
  }

  /** Hadoop's local file system has no name for the checksum of such a file, and opens none. */
  private static void refuseColon(FileStatus file) {
    Path path = file.getPath();
    if ("file".equals(path.toUri().getScheme()) && path.getName().contains(":")) {
      throw new InputException(
          "%s has a colon in its name, and Hadoop opens no such local file: rename it"
              .formatted(Storage.shown(path)));
    }
  }

  private static boolean isHidden(Path path) {
    String name = path.getName();
    boolean partition = name.startsWith("_") && name.contains("=");
    return (name.startsWith("_") && !partition) || name.startsWith(".");
  }

  private static InputFormat oneFormat(String input, List<FileStatus> found) {
    if (found.size() == 1) {
      return InputFormat.ofPath(Storage.shown(found.get(0).getPath()));
    }
    Map<String, List<String>> byFormat =
        found.stream()
            .map(file -> file.getPath().getName())
            .collect(
                groupingBy(
                    name -> InputFormat.bySuffix(name).map(InputFormat::label).orElse("unknown"),
                    TreeMap::new,
                    toList()));
    if (byFormat.size() > 1 || byFormat.containsKey("unknown")) {
      String formats =
          byFormat.entrySet().stream()
              .map(entry -> "%s: %s".formatted(entry.getKey(), some(entry.getValue())))
              .collect(joining("; "));
      throw new InputException(
          "%s holds files of more than one format (%s): give a glob such as %s, or read all of them as one with --input-format (%s)"
              .formatted(input, formats, "'FOLDER/*.csv'", InputFormat.choices()));
    }
    return InputFormat.of(byFormat.keySet().iterator().next());
  }

  private static Optional<Path> partitionRoot(
      String input, InputFormat format, List<FileStatus> roots, List<FileStatus> folders) {
    if (folders.isEmpty()) {
      return Optional.empty();
    }
    if (format != InputFormat.PARQUET || roots.size() > 1) {
      String names = some(folders.stream().map(folder -> folder.getPath().getName()).toList());
      throw new InputException(
          "%s has sub-folders (%s), which are read for one folder of Parquet only: give a glob of files, such as 'FOLDER/*/*.%s'"
              .formatted(input, names, format));
    }
    return Optional.of(roots.get(0).getPath());
  }

  private static String missing(FileSystem files, Path path) throws IOException {
    String message = "no such file or folder: %s".formatted(Storage.shown(path));
    Path parent = path.getParent() == null ? files.getWorkingDirectory() : path.getParent();
    if (!files.exists(parent)) {
      return "%s (nor is there %s)".formatted(message, Storage.shown(parent));
    }
    List<String> beside =
        Arrays.stream(files.listStatus(parent)).map(entry -> entry.getPath().getName()).toList();
    List<String> near = Spelling.near(path.getName(), beside);
    return near.isEmpty()
        ? message
        : "%s; beside it: %s".formatted(message, String.join(", ", near));
  }

  private static String some(List<String> names) {
    String more = names.size() > SHOWN ? ", … (%d in all)".formatted(names.size()) : "";
    return names.stream().sorted().limit(SHOWN).collect(joining(", ")) + more;
  }
}
