package io.instructorspark.job.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.instructorspark.job.CommandRun;
import io.instructorspark.job.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code embed --if-exists resume} after its process was killed, or could not write. */
class ResumeIT {
  private static final int ROWS = 2_000;
  private static final long MINUTES = 3;

  @TempDir static Path shared;
  private static Path input;
  private static Map<Long, List<Float>> expected;

  @TempDir Path folder;

  @BeforeAll
  static void embedUndisturbed() throws Exception {
    input = shared.resolve("sentences.jsonl");
    Files.write(
        input,
        IntStream.range(0, ROWS)
            .mapToObj(
                i ->
                    "{\"id\": %d, \"text\": \"Boat %d crosses the quiet bay%s\"}"
                        .formatted(i, i, " and turns back again".repeat(i % 8)))
            .toList());
    Path output = shared.resolve("out");
    CommandRun run = CommandRun.of(arguments(output).toArray(String[]::new));
    assertThat(run.status()).as(run.err()).isZero();
    expected = vectors(output);
    assertThat(expected).hasSize(ROWS);
  }

  private static List<String> arguments(Path output, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("embed", "--input", input.toString(), "--output", output.toString()));
    arguments.addAll(List.of("--instruction", "Represent the sentence: ", "--id-column", "id"));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private static CommandRun resume(Path output, String... more) {
    List<String> arguments = arguments(output, "--if-exists", "resume");
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  private static Map<Long, List<Float>> vectors(Path output) throws IOException {
    Map<Long, List<Float>> vectors = new TreeMap<>();
    try (SparkSession session = CommandRun.look()) {
      for (Row row : session.read().parquet(output.toString()).collectAsList()) {
        List<Float> before =
            vectors.put(row.<Long>getAs("id"), row.getList(row.fieldIndex("embedding")));
        assertThat(before).as("no row twice").isNull();
      }
    }
    return vectors;
  }

  private static void requireSame(Path output) throws IOException {
    Map<Long, List<Float>> found = vectors(output);
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (id, vector) -> {
          for (int i = 0; i < vector.size(); i++) {
            assertThat(found.get(id).get(i))
                .as("id %d", id)
                .isCloseTo(vector.get(i), within(1e-6f));
          }
        });
  }

  /** Whether the run has come so far that it has made a file of this kind. */
  private static boolean has(Path output, String pattern) throws IOException {
    if (!Files.exists(output)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(output)) {
      return files.anyMatch(file -> file.toString().matches(pattern));
    } catch (java.io.UncheckedIOException e) { // a file was deleted meanwhile
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {".*/slice-.*parquet", ".*/done-.*json", ".*/committed-.*"})
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void losesAndDoublesNothingAfterASigkillOnceThereIs(String file) throws Exception {
    Path output = folder.resolve("out");
    Path log = folder.resolve("log");
    try (Launcher embed = Launcher.start(log, "instructor", arguments(output))) {
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
      while (!has(output, file)) {
        assertThat(embed.isAlive()).as(embed::printed).isTrue();
        assertThat(System.nanoTime()).as(embed::printed).isLessThan(end);
        Thread.sleep(2);
      }
    } // kills
    Path record = folder.resolve("record.json");
    CommandRun resumed = resume(output, "--run-record", record.toString());
    assertThat(resumed.status()).as(resumed.err()).isZero();
    requireSame(output);
    JsonNode counts = new ObjectMapper().readTree(record.toFile()).get("counts");
    assertThat(counts.get("rows").asInt()).isEqualTo(ROWS);
    assertThat(counts.get("texts_encoded").asInt()).isEqualTo(counts.get("rows_embedded").asInt());
    if (file.contains("done")) {
      assertThat(counts.get("rows_embedded").asInt()).isLessThan(ROWS);
    }
    assertThat(resume(output).out()).contains("0 were embedded now");
  }

  @Test
  void saysHowToGoOnWithAnOutputThatWasBrokenOff() throws Exception {
    Path output = folder.resolve("out");
    Path log = folder.resolve("log");
    try (Launcher embed = Launcher.start(log, "instructor", arguments(output))) {
      while (!has(output, ".*/manifest-.*json")) {
        assertThat(embed.isAlive()).as(embed::printed).isTrue();
        Thread.sleep(2);
      }
      assertThat(resume(output).err()).contains("another run writes");
    }
    CommandRun again = CommandRun.of(arguments(output).toArray(String[]::new));
    assertThat(again.status()).isEqualTo(1);
    assertThat(again.err()).contains("broken off").contains("--if-exists resume");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void goesOnWhenAFullDiskHasRoomAgain() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()), "needs to mount a tmpfs");
    try {
      Path output = disk.resolve("out");
      CommandRun full = resume(output);
      assertThat(full.status()).isEqualTo(1);
      assertThat(full.err()).contains("No space left on device").contains("--if-exists resume");
      assertThat(output.resolve("_SUCCESS")).doesNotExist();
      assertThat(mount("-o", "remount,size=50m", disk.toString())).isTrue();
      CommandRun roomy = resume(output);
      assertThat(roomy.status()).as(roomy.err()).isZero();
      requireSame(output);
      assertThat(mount("-o", "remount,ro", disk.toString())).isTrue();
      assertThat(resume(output).err()).contains("Read-only file system");
      assertThat(resume(disk.resolve("other")).err()).contains("Read-only file system");
      requireSame(output);
    } finally {
      new ProcessBuilder("umount", disk.toString()).start().waitFor();
    }
  }

  private static boolean mount(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("mount"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).start().waitFor() == 0;
  }

  @Test
  void embedsTheNewRowsOfAnInputThatHasGrown() throws Exception {
    Path grown = folder.resolve("grown.jsonl");
    Files.write(grown, Files.readAllLines(input).subList(0, 50));
    Path output = folder.resolve("out");
    String[] command = {
      "embed",
      "--input",
      grown.toString(),
      "--output",
      output.toString(),
      "--instruction",
      "",
      "--id-column",
      "id",
      "--if-exists",
      "resume"
    };
    assertThat(CommandRun.of(command).status()).isZero();
    List<String> lines = new ArrayList<>(Files.readAllLines(input).subList(1, 80));
    lines.set(0, "{\"id\": 1, \"text\": \"another text\"}");
    Files.write(grown, lines);
    CommandRun reported = CommandRun.of(command);
    assertThat(reported.out())
        .contains("80 rows")
        .contains("30 were embedded now")
        .contains("30 rows are new, 1 have changed and 1 are gone (")
        .contains("--changes apply");
    List<String> applying = new ArrayList<>(List.of(command));
    applying.addAll(List.of("--changes", "apply"));
    CommandRun applied = CommandRun.of(applying.toArray(String[]::new));
    assertThat(applied.out()).contains("79 rows").contains("1 were embedded now");
  }
}
