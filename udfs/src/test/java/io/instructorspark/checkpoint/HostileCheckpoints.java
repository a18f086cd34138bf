package io.instructorspark.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** All hostile or broken checkpoints, and the program of {@code scripts/hostile} to write them. */
final class HostileCheckpoints {
  private HostileCheckpoints() {}

  static List<HostileCheckpoint> all() {
    return Stream.of(
            HostileSafetensors.all(),
            HostileNumbers.all(),
            HostileZips.all(),
            HostilePickles.all(),
            HostileTensors.all(),
            HostileConfigs.all(),
            HostileModules.all(),
            HostileTokenizers.all(),
            HostileFolders.all())
        .flatMap(List::stream)
        .toList();
  }

  /** Writes them, and a sound one beside them, below a folder. */
  static void write(Path parent) throws IOException {
    Files.createDirectories(parent);
    all().forEach(checkpoint -> checkpoint.write(parent));
    Folders.copy(Folders.fixture("tiny-base"), parent.resolve("sound"));
  }

  /** Writes each into a folder of its own below the one that is given. */
  public static void main(String[] arguments) throws IOException {
    Path parent = Path.of(arguments[0]).toAbsolutePath();
    write(parent);
    System.out.printf("%d checkpoints in %s%n", all().size(), parent);
  }
}
