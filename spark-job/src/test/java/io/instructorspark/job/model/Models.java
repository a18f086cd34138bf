package io.instructorspark.job.model;

import io.instructorspark.job.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Checkpoints to look at, and a machine's cache of the test's own. */
record Models(Path folder) {
  private static final Path UDFS = Path.of("../udfs/src").toAbsolutePath().normalize();
  static final Path MINI = UDFS.resolve("main/resources/io/instructorspark/models/instructor-mini");

  static Path fixture(String name) {
    return UDFS.resolve("test/resources/fixtures").resolve(name);
  }

  /** A copy to spoil. */
  Path copy(Path checkpoint) throws IOException {
    Path copy = folder.resolve("copy-of-" + checkpoint.getFileName());
    try (Stream<Path> walk = Files.walk(checkpoint)) {
      for (Path path : walk.toList()) {
        Files.copy(path, copy.resolve(checkpoint.relativize(path).toString()));
      }
    }
    return copy;
  }

  /** Runs {@code instructor model ARGUMENTS} with that cache. */
  CommandRun run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("model"));
    all.addAll(List.of(arguments));
    all.add("--conf");
    all.add("spark.instructor.cacheDirectory=" + folder.resolve("cache"));
    return CommandRun.of(all.toArray(String[]::new));
  }

  /** The files below a folder, by their paths from there. */
  static List<String> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
