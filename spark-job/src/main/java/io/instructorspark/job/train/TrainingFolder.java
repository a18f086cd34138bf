package io.instructorspark.job.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.instructorspark.checkpoint.remote.FileTree;
import io.instructorspark.spark.IfExists;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The output of a training: the model's files, and while it runs a folder {@code _training} with
 * what it needs to go on. One process at a time may have it.
 */
final class TrainingFolder implements AutoCloseable {
  private static final String INSIDE = "_training";
  private static final String RUN = "run.json";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path output;
  private final FileChannel lockFile;
  private final FileLock lock;

  private TrainingFolder(Path output, FileChannel lockFile, FileLock lock) {
    this.output = output;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /**
   * Takes the output for this process.
   *
   * @throws TrainException if it is there and is not to be touched, holds something else, or
   *     another process has it
   */
  static TrainingFolder open(Path output, IfExists ifExists) {
    try {
      boolean there = Files.exists(output) && !isEmpty(output);
      if (there && ifExists == IfExists.ERROR) {
        throw new TrainException(
            "%s is there already: choose another --output, go on with it by --if-exists resume, or replace it by --if-exists overwrite"
                .formatted(output));
      }
      if (there && !Files.isDirectory(output.resolve(INSIDE))) {
        throw new TrainException(
            "%s holds something that is no training of this program, so it is not touched; choose another --output"
                .formatted(output));
      }
      Files.createDirectories(output.resolve(INSIDE));
      FileChannel file =
          FileChannel.open(
              output.resolve(INSIDE).resolve("lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      FileLock lock = lock(file);
      if (lock == null) {
        file.close();
        throw new TrainException(
            "another process trains in %s; wait for it, or choose another --output"
                .formatted(output));
      }
      TrainingFolder folder = new TrainingFolder(output, file, lock);
      if (there && ifExists == IfExists.OVERWRITE) {
        folder.clear();
      }
      return folder;
    } catch (IOException e) {
      throw unusable(output, e);
    }
  }

  private static FileLock lock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) { // of this process
      return null;
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }

  /** Deletes a model of an earlier training and what it has left, and nothing else. */
  private void clear() throws IOException {
    for (Path file : list(inside())) {
      if (!file.getFileName().toString().equals("lock")) {
        FileTree.delete(file);
      }
    }
    for (Path file : list(output)) {
      if (!file.equals(inside())) {
        FileTree.delete(file);
      }
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  /** Where what a training needs lies. */
  Path inside() {
    return output.resolve(INSIDE);
  }

  /** Prepared data. */
  Path data() {
    return inside().resolve("data");
  }

  /** States to go on from. */
  Path states() {
    return inside().resolve("states");
  }

  /** The checkpoint of a new model before it is trained. */
  Path start() {
    return inside().resolve("start");
  }

  /** What each step came to, a line each. */
  Path curve() {
    return inside().resolve("curve.jsonl");
  }

  /** Whether the model is there, whole. */
  boolean finished() {
    return Files.exists(output.resolve("modules.json"));
  }

  /**
   * Checks that a run that goes on is the one that began here; a new one leaves its mark.
   *
   * @param keys what decides on the result, by name
   * @throws TrainException if one of them was another, by its name
   */
  void requireSame(ObjectNode keys) {
    Path file = inside().resolve(RUN);
    try {
      if (!Files.exists(file)) {
        writeWhole(file, keys.toPrettyString() + "\n");
        return;
      }
      JsonNode before = JSON.readTree(file.toFile());
      for (String key : (Iterable<String>) keys::fieldNames) {
        if (!keys.get(key).equals(before.get(key))) {
          throw new TrainException(
              "the training in %s began with another %s (%s, and %s now), so it cannot go on with this one; take the old one, another --output, or --if-exists overwrite"
                  .formatted(output, key, before.path(key).asText(), keys.get(key).asText()));
        }
      }
    } catch (IOException e) {
      throw unusable(output, e);
    }
  }

  static void writeWhole(Path file, String content) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".draft");
    Files.writeString(draft, content);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Moves the files of a whole model into the output, {@code modules.json} last. */
  void publish(Path model) throws IOException {
    for (Path file : list(model)) {
      if (!file.getFileName().toString().equals("modules.json")) {
        Path to = output.resolve(file.getFileName());
        FileTree.delete(to);
        Files.move(file, to);
      }
    }
    Files.move(
        model.resolve("modules.json"),
        output.resolve("modules.json"),
        StandardCopyOption.ATOMIC_MOVE);
    FileTree.delete(model);
  }

  /** Deletes what only a training that goes on needs. */
  void tidy() throws IOException {
    FileTree.delete(data());
    FileTree.delete(states());
    FileTree.delete(start());
  }

  static TrainException unusable(Path output, IOException e) {
    return new TrainException(
        "the folder %s cannot be written: %s. What was saved before is as it was; go on with --if-exists resume once there is room and permission"
            .formatted(output, e),
        e);
  }

  @Override
  public void close() {
    try {
      lock.release();
      lockFile.close();
    } catch (IOException e) {
      throw unusable(output, e);
    }
  }
}
