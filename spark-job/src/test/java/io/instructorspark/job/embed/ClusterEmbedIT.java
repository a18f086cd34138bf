package io.instructorspark.job.embed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.instructorspark.job.CommandRun;
import io.instructorspark.job.Launcher;
import io.instructorspark.job.LocalCluster;
import io.instructorspark.job.LocalCluster.Executor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code embed} on a cluster of processes that die or stand still while it works, started as a user
 * starts it. What it writes equals what one process writes, and each JVM loads its model once.
 */
@DisabledOnOs(OS.WINDOWS)
class ClusterEmbedIT {
  private static final int ROWS = 3_000;

  private static final long MINUTES = 5;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path shared;
  private static Path input;
  private static Map<Long, float[]> expected;

  @TempDir private Path folder;
  private LocalCluster cluster;

  @BeforeAll
  static void embedInOneProcess() throws Exception {
    input = Files.write(shared.resolve("sentences.jsonl"), sentences());
    Path output = shared.resolve("output");
    Launcher.run(shared.resolve("log"), "instructor", arguments("local[2]", output, List.of()));
    expected = vectors(output);
    assertThat(expected).hasSize(ROWS);
  }

  @AfterEach
  void stop() throws Exception {
    if (cluster != null) {
      cluster.stop();
    }
  }

  @Test
  void survivesAnExecutorThatIsKilled() throws Exception {
    cluster = LocalCluster.start(folder, 2);
    try (Launcher embed = embed()) {
      await(embed, () -> withModel().size() == 2);
      cluster.killExecutor();
      succeed(embed);
    }
    assertThat(cluster.executors()).as("the worker starts another").hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void survivesAWorkerThatIsKilledWithWhatItHasDone() throws Exception {
    cluster = LocalCluster.start(folder, 2);
    try (Launcher embed = embed()) {
      await(embed, () -> withModel().stream().filter(one -> one.tasksWithModel() > 0).count() == 2);
      cluster.killWorker();
      succeed(embed);
    }
    assertThat(withModel()).hasSize(2);
  }

  @Test
  void takesOneResultOfTasksThatRunTwice() throws Exception {
    cluster = LocalCluster.start(folder, 2);
    try (Launcher embed =
        embed(
            "spark.speculation=true",
            "spark.speculation.interval=20ms",
            "spark.speculation.quantile=0.1",
            "spark.speculation.multiplier=1.01",
            "spark.speculation.minTaskRuntime=100ms",
            "spark.network.timeout=600s")) { // who stands still is not given up
      await(embed, this::hasFinishedASlice);
      long slow = cluster.executorProcesses().get(0);
      signal("STOP", slow);
      try {
        await(embed, () -> cluster.executors().stream().anyMatch(one -> one.tasksAgain() > 0));
      } finally {
        signal("CONT", slow);
      }
      succeed(embed);
    }
  }

  /**
   * Whether the tasks that embed are running: each of them has others of its kind to be compared
   * with.
   */
  private boolean hasFinishedASlice() throws IOException {
    Path state = output().resolve("_instructor_run");
    if (!Files.exists(state)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(state)) {
      return files.anyMatch(file -> file.toString().matches(".*/done-[0-9a-f-]+/[0-9]+[.]json"));
    }
  }

  private static void signal(String signal, long process) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process)).start();
    assertThat(kill.waitFor()).isZero();
  }

  private Launcher embed(String... conf) throws IOException {
    List<String> more = new ArrayList<>(List.of("--run-record", record().toString()));
    for (String setting : conf) {
      more.addAll(List.of("--conf", setting));
    }
    return Launcher.start(
        folder.resolve("embed.log"), "instructor", arguments(cluster.master(), output(), more));
  }

  private static List<String> arguments(String master, Path output, List<String> more) {
    return Stream.concat(
            Stream.of(
                "embed",
                "--master",
                master,
                "--input",
                input.toString(),
                "--instruction",
                "Represent the sentence: ",
                "--output",
                output.toString()),
            more.stream())
        .toList();
  }

  private Path output() {
    return folder.resolve("output");
  }

  private Path record() {
    return folder.resolve("run.json");
  }

  /** Checks all that holds whatever happened meanwhile. */
  private void succeed(Launcher embed) throws Exception {
    String printed = embed.succeed();
    Map<Long, float[]> vectors = vectors(output());
    assertThat(vectors.keySet()).as(printed).isEqualTo(expected.keySet());
    double largest = 0;
    for (Map.Entry<Long, float[]> row : expected.entrySet()) {
      largest = Math.max(largest, difference(row.getValue(), vectors.get(row.getKey())));
    }
    assertThat(largest).isLessThanOrEqualTo(1e-6);
    JsonNode counts = JSON.readTree(record().toFile()).get("counts");
    for (String count : List.of("rows", "vectors", "texts_encoded")) {
      assertThat(counts.get(count).asInt()).as(count).isEqualTo(ROWS);
    }
    assertThat(counts.get("errors").asInt()).isZero();
    assertThat(cluster.executors()).allMatch(executor -> executor.modelLoads() <= 1);
  }

  private List<Executor> withModel() throws IOException {
    return cluster.executors().stream().filter(e -> e.modelLoads() > 0).toList();
  }

  private static void await(Launcher embed, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
    while (!condition.call()) {
      assertThat(embed.isAlive()).as(embed::printed).isTrue();
      assertThat(System.nanoTime()).as(embed::printed).isLessThan(end);
      Thread.sleep(50);
    }
  }

  /** The vectors by id; an id that comes twice is an error. */
  private static Map<Long, float[]> vectors(Path output) throws IOException {
    try (SparkSession session = CommandRun.look()) {
      Map<Long, float[]> vectors = new TreeMap<>();
      for (Row row :
          session.read().parquet(output.toString()).select("id", "embedding").collectAsList()) {
        List<Float> boxed = row.getList(1);
        float[] vector = new float[boxed.size()];
        for (int i = 0; i < vector.length; i++) {
          vector[i] = boxed.get(i);
        }
        assertThat(vectors.put(row.getLong(0), vector)).as("row %s", row.get(0)).isNull();
      }
      return vectors;
    }
  }

  private static double difference(float[] one, float[] other) {
    assertThat(other).hasSameSizeAs(one);
    return IntStream.range(0, one.length)
        .mapToDouble(i -> Math.abs((double) one[i] - other[i]))
        .max()
        .orElseThrow();
  }

  /** JSON lines, each with an id and a text of its own, the same in every run. */
  private static List<String> sentences() {
    String[] words =
        ("quiet river mountain copper lantern morning traveller bridge harvest window engine letter"
                + " silver garden winter market captain shadow thunder orchard signal meadow"
                + " harbour blanket compass kettle feather island marble pepper")
            .split(" ");
    Random random = new Random(7);
    return IntStream.range(0, ROWS)
        .mapToObj(
            id -> {
              int length = 12 + random.nextInt(16);
              String text =
                  random
                      .ints(length, 0, words.length)
                      .mapToObj(word -> words[word])
                      .collect(Collectors.joining(" "));
              return "{\"id\": %d, \"text\": \"Number %d: %s.\"}".formatted(id, id, text);
            })
        .toList();
  }
}
