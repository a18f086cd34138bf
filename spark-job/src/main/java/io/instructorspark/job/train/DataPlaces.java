package io.instructorspark.job.train;

import io.instructorspark.job.rows.InputException;
import io.instructorspark.job.rows.InputFormat;
import io.instructorspark.job.rows.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Where the files of a recipe are looked for: below what {@code --data} names, and if nothing is
 * there, beside the recipe. An absolute path or URI is taken as it is.
 *
 * @param storage the file systems
 * @param data the files and folders of {@code --data}
 * @param recipe the recipe's folder
 */
record DataPlaces(Storage storage, List<String> data, String recipe) {
  private static final String SPARK_WROTE = "_SUCCESS";
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

  DataPlaces {
    data = List.copyOf(data);
  }

  /**
   * What a pattern, or {@code --data} itself, names: a file, or a folder, which is one data set.
   *
   * @param path the file or folder
   * @param files the files, in the order of their names; at least one
   * @param origin its name without suffixes, the task of records that name none
   */
  record Match(Path path, List<FileStatus> files, String origin) {
    /** The format of its files by their suffixes. */
    InputFormat format() {
      Path first = files.get(0).getPath();
      try {
        return InputFormat.ofPath(first.getName());
      } catch (InputException e) {
        throw new PreparationException(
            "cannot tell the format of %s from its name; expected .json, .jsonl, .csv, .tsv or .parquet, also .gz, .bz2 and .zst. Name the files to read in the recipe"
                .formatted(Storage.shown(first)),
            e);
      }
    }
  }

  /**
   * What patterns name, each file or folder once.
   *
   * @param patterns globs; empty: everything of {@code --data}, each file and folder of a folder a
   *     data set, and one that Spark wrote a single one
   * @param key the recipe's key of the patterns, for messages
   * @throws PreparationException if a pattern matches nothing, or nothing can be read
   */
  List<Match> find(List<String> patterns, String key) {
    List<Path> found = new ArrayList<>();
    if (patterns.isEmpty()) {
      data.forEach(place -> found.addAll(all(place)));
    }
    for (String pattern : patterns) {
      found.addAll(matching(pattern, key));
    }
    return found.stream().distinct().map(path -> match(path, key)).toList();
  }

  /** A file, a folder that Spark wrote, or else all that a folder holds. */
  private List<Path> all(String place) {
    Path path = Storage.path(place);
    try {
      FileSystem files = storage.fileSystem(path);
      FileStatus status = files.getFileStatus(path);
      if (status.isFile() || files.exists(new Path(path, SPARK_WROTE))) {
        return List.of(status.getPath());
      }
      List<Path> found = globbed(new Path(literal(place), "*")).toList();
      if (found.isEmpty()) {
        throw new PreparationException(
            "--data %s holds no files (names that begin with _ or . are not read)"
                .formatted(place));
      }
      return found;
    } catch (FileNotFoundException e) {
      throw missing(place, e);
    } catch (IOException e) {
      throw unreachable(path, e);
    }
  }

  private List<Path> matching(String pattern, String key) {
    if (pattern.startsWith("/") || SCHEME.matcher(pattern).matches()) {
      return existing(Storage.path(pattern), key);
    }
    List<Path> found = data.stream().flatMap(place -> below(place, pattern)).toList();
    if (found.isEmpty()) {
      found = globbed(new Path(literal(recipe), pattern)).toList();
    }
    if (found.isEmpty()) {
      throw new PreparationException(
          "%s of the recipe: no file matches %s, neither below --data (%s) nor beside the recipe (%s)"
              .formatted(key, pattern, data.isEmpty() ? "none" : String.join(", ", data), recipe));
    }
    return found;
  }

  private Stream<Path> below(String place, String pattern) {
    Path path = Storage.path(place);
    try {
      FileSystem files = storage.fileSystem(path);
      FileStatus status = files.getFileStatus(path);
      if (status.isDirectory()) {
        return globbed(new Path(literal(place), pattern));
      }
      Path parent = status.getPath().getParent();
      return globbed(new Path(literal(parent.toString()), pattern))
          .filter(status.getPath()::equals);
    } catch (FileNotFoundException e) {
      throw missing(place, e);
    } catch (IOException e) {
      throw unreachable(path, e);
    }
  }

  private List<Path> existing(Path path, String key) {
    try {
      FileSystem files = storage.fileSystem(path);
      if (files.exists(path)) {
        return List.of(files.makeQualified(path));
      }
    } catch (IOException e) {
      throw unreachable(path, e);
    }
    List<Path> found = globbed(path).toList();
    if (found.isEmpty()) {
      throw new PreparationException("%s: no file matches %s".formatted(key, Storage.shown(path)));
    }
    return found;
  }

  private Stream<Path> globbed(Path pattern) {
    try {
      FileStatus[] found = storage.fileSystem(pattern).globStatus(pattern);
      return found == null
          ? Stream.of()
          : Arrays.stream(found).map(FileStatus::getPath).filter(DataPlaces::isVisible).sorted();
    } catch (IOException e) {
      throw unreachable(pattern, e);
    }
  }

  private Match match(Path path, String key) {
    try {
      FileSystem fileSystem = storage.fileSystem(path);
      FileStatus status = fileSystem.getFileStatus(path);
      List<FileStatus> files = new ArrayList<>();
      if (status.isDirectory()) {
        RemoteIterator<LocatedFileStatus> below = fileSystem.listFiles(status.getPath(), true);
        while (below.hasNext()) {
          FileStatus file = below.next();
          if (isVisible(status.getPath(), file.getPath())) {
            files.add(file);
          }
        }
      } else {
        files.add(status);
      }
      if (files.isEmpty()) {
        throw new PreparationException(
            "%s: the folder %s holds no files (names that begin with _ or . are not read)"
                .formatted(key, Storage.shown(path)));
      }
      files.sort(Comparator.comparing(FileStatus::getPath));
      String name = status.getPath().getName();
      int dot = name.indexOf('.', 1);
      return new Match(
          status.getPath(), List.copyOf(files), dot < 0 ? name : name.substring(0, dot));
    } catch (IOException e) {
      throw unreachable(path, e);
    }
  }

  private static boolean isVisible(Path root, Path file) {
    Path path = file;
    while (path != null && !path.equals(root)) {
      if (!isVisible(path)) {
        return false;
      }
      path = path.getParent();
    }
    return true;
  }

  private static boolean isVisible(Path path) {
    return !path.getName().startsWith("_") && !path.getName().startsWith(".");
  }

  /** A place whose characters stand for themselves within a glob. */
  private static String literal(String place) {
    return Storage.path(place).toString().replaceAll("[\\\\{}\\[\\]*?]", "\\\\$0");
  }

  private static PreparationException missing(String place, FileNotFoundException e) {
    return new PreparationException(
        "--data %s: there is no such file or folder".formatted(place), e);
  }

  private static PreparationException unreachable(Path path, IOException e) {
    return new PreparationException(
        "%s cannot be reached: %s".formatted(Storage.shown(path), e.getMessage()), e);
  }
}
