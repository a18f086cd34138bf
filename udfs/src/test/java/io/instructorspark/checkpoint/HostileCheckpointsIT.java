package io.instructorspark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All of them are opened by one JVM of 64 MB. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileCheckpointsIT {
  private static final int MOST_MILLIS = 2_000;

  private Path folders;
  private Map<String, String> before;
  private Map<String, Refusal> refusals;

  /** What the probe printed of one checkpoint. */
  private record Refusal(String name, long millis, String thrown, String message) {
    static Refusal of(String line) {
      String[] parts = line.split("\t", 4);
      return new Refusal(parts[0], Long.parseLong(parts[1]), parts[2], parts[3]);
    }
  }

  @BeforeAll
  void openAll(@TempDir Path work) throws Exception {
    folders = work.resolve("hostile");
    HostileCheckpoints.write(folders);
    before = listing(folders);
    Path out = work.resolve("out");
    Process probe =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                HostileProbe.class.getName(),
                folders.toString())
            .directory(folders.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(probe.waitFor(120, TimeUnit.SECONDS)).as("the probe ends").isTrue();
    refusals =
        Files.readAllLines(out, StandardCharsets.UTF_8).stream()
            .map(Refusal::of)
            .collect(Collectors.toMap(Refusal::name, Function.identity()));
  }

  static List<HostileCheckpoint> all() {
    return HostileCheckpoints.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void isRefused(HostileCheckpoint checkpoint) {
    Refusal refusal = refusals.get(checkpoint.name());

    assertThat(refusal.thrown())
        .as(refusal.message())
        .isEqualTo(CheckpointException.class.getName());
    assertThat(refusal.message())
        .contains(checkpoint.words())
        .hasSizeLessThanOrEqualTo(1_000)
        .doesNotContainPattern("[\\p{Cntrl}\\u202e]");
    assertThat(refusal.millis()).as("milliseconds of processor time").isLessThan(MOST_MILLIS);
  }

  @Test
  void areManyAndOfDifferentNames() {
    assertThat(all())
        .hasSizeGreaterThan(100)
        .extracting(HostileCheckpoint::name)
        .doesNotHaveDuplicates();
  }

  @Test
  void theSoundOneIsRead() {
    assertThat(refusals.get("sound").message()).isEqualTo("it was read");
  }

  @Test
  void noneLeavesOrChangesAFile() throws IOException {
    assertThat(listing(folders)).isEqualTo(before);
    assertThat(folders.resolve(HostileCheckpoint.MARKER)).doesNotExist();
  }

  /** Every path below a folder with its size and time. */
  private static Map<String, String> listing(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.collect(
          Collectors.toMap(Path::toString, HostileCheckpointsIT::state, (a, b) -> a, TreeMap::new));
    }
  }

  private static String state(Path path) {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return "%d bytes of %s".formatted(attributes.size(), attributes.lastModifiedTime());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
