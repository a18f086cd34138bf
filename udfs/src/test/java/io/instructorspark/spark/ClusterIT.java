package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two executors of two cores on a real cluster. Each is given one of two GPUs, which are made up:
 * what Spark hands out is real, and libtorch sees none.
 */
@EnabledOnOs({OS.LINUX, OS.MAC})
class ClusterIT {
  private static final Pattern TASK =
      Pattern.compile(
          "executor (\\S+), GPU (\\S+): cuda is (\\S+), auto is (\\S+), cuda:5 is (\\S+), vectors (\\d+), loads (\\d+), refused: (.*)");
  private static final Pattern MODELS =
      Pattern.compile("models in executor (\\S+): (\\d+) loads, (\\d+) loaded");

  @TempDir static Path folder;

  private static StandaloneCluster cluster;
  private static String without;

  @BeforeAll
  static void start() throws Exception {
    cluster = StandaloneCluster.start(folder);
    without = run("without-plugin");
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static String model() throws Exception {
    return Path.of(ClusterIT.class.getResource("/fixtures/tiny-base").toURI()).toString();
  }

  private static String run(String name, String... more) throws Exception {
    return run(name, ClusterProbe.class, more);
  }

  private static String run(String name, Class<?> probe, String... more) throws Exception {
    List<String> arguments =
        Stream.concat(
                Stream.of(
                    model(),
                    "spark.ui.enabled=false",
                    "spark.driver.bindAddress=127.0.0.1",
                    "spark.driver.host=localhost",
                    "spark.executor.cores=2",
                    "spark.executor.memory=512m",
                    "spark.executor.resource.gpu.amount=1",
                    "spark.task.resource.gpu.amount=0.5",
                    "spark.scheduler.minRegisteredResourcesRatio=1",
                    "spark.locality.wait=0"),
                Stream.of(more))
            .toList();
    return cluster.run(name, probe, cluster.master(), arguments);
  }

  private static List<MatchResult> tasks(String output) {
    List<MatchResult> tasks = TASK.matcher(output).results().toList();
    assertThat(tasks).as(output).hasSize(8);
    assertThat(tasks.stream().map(task -> task.group(1)).distinct())
        .containsExactlyInAnyOrder("0", "1");
    return tasks;
  }

  @Test
  void neighboursAreThoseOfPlainLoops() throws Exception {
    assertThat(run("neighbors", NeighborsProbe.class))
        .contains("2000 of 2000 rows have the right neighbours, found by 2 executors");
  }

  @Test
  void tasksGetTheGpuOfTheirExecutor() {
    assertThat(tasks(without).stream().map(task -> task.group(2)).distinct())
        .containsExactlyInAnyOrder("0", "1");
    assertThat(tasks(without))
        .allSatisfy(task -> assertThat(task.group(3)).isEqualTo("cuda:" + task.group(2)))
        .allSatisfy(task -> assertThat(task.group(5)).isEqualTo("cuda:5"));
  }

  @Test
  void tasksUnderAutoWorkOnTheProcessorWhereLibtorchSeesNoGpu() {
    assertThat(tasks(without))
        .allSatisfy(task -> assertThat(task.group(4)).isEqualTo("auto"))
        .allSatisfy(task -> assertThat(task.group(6)).isEqualTo("2"));
  }

  @Test
  void tasksUnderCudaSayHowToGetTheirGpu() {
    assertThat(tasks(without))
        .allSatisfy(
            task ->
                assertThat(task.group(8))
                    .contains("device cuda:%s was asked for".formatted(task.group(2)))
                    .contains("pytorch-native-cu128")
                    .contains("PYTORCH_LIBRARY_PATH"));
  }

  @Test
  void anExecutorLoadsOneModelForItsTasks() {
    requireOneModelEach(without);
    assertThat(loadsOfTasks(without)).isEqualTo(2);
  }

  @Test
  void anExecutorLoadsOneModelInAdvanceWithThePlugin() throws Exception {
    String with =
        run(
            "with-plugin",
            "spark.plugins=" + InstructorPlugin.class.getName(),
            "spark.instructor.model=" + model(),
            "spark.instructor.modelIdleSeconds=300",
            ClusterProbe.PRELOADED + "=true");
    requireOneModelEach(with);
    assertThat(loadsOfTasks(with)).isZero();
  }

  @Test
  void anExecutorSurvivesAModelThatCannotBeLoadedInAdvance() throws Exception {
    String with =
        run(
            "with-a-gpu-that-is-not-there",
            "spark.plugins=" + InstructorPlugin.class.getName(),
            "spark.instructor.model=" + model(),
            "spark.instructor.device=cuda");
    requireOneModelEach(with);
    assertThat(loadsOfTasks(with)).isEqualTo(2);
  }

  @Test
  void theDriversJvmLoadsInAdvanceAndClosesAtTheEndInLocalMode() throws Exception {
    String local =
        cluster.run(
            "local",
            ClusterProbe.class,
            "local[2]",
            List.of(
                model(),
                "spark.ui.enabled=false",
                "spark.driver.bindAddress=127.0.0.1",
                "spark.driver.host=localhost",
                "spark.plugins=" + InstructorPlugin.class.getName(),
                "spark.instructor.model=" + model(),
                ClusterProbe.PRELOADED + "=true"));
    assertThat(TASK.matcher(local).results())
        .hasSize(8)
        .allSatisfy(task -> assertThat(task.group(3)).isEqualTo("cuda"))
        .allSatisfy(task -> assertThat(task.group(7)).isEqualTo("0"));
    assertThat(local)
        .contains("models in executor driver: 1 loads, 1 loaded")
        .contains("models in the driver at the end: 1 loads, 0 loaded");
  }

  private static int loadsOfTasks(String output) {
    return tasks(output).stream().mapToInt(task -> Integer.parseInt(task.group(7))).sum();
  }

  private static void requireOneModelEach(String output) {
    List<MatchResult> models = MODELS.matcher(output).results().toList();
    assertThat(models.stream().map(one -> one.group(1)))
        .as(output)
        .containsExactlyInAnyOrder("0", "1");
    assertThat(models)
        .allSatisfy(one -> assertThat(one.group(2)).isEqualTo("1"))
        .allSatisfy(one -> assertThat(one.group(3)).isEqualTo("1"));
    assertThat(output).contains("models in the driver at the end: 0 loads, 0 loaded");
  }
}
