package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Counts of runs in which tasks fail, are copied, or lose what they made. */
@EnabledOnOs(OS.LINUX)
class EmbeddingMetricsIT {
  private static final List<String> SETTINGS =
      List.of(
          "spark.ui.enabled=false",
          "spark.driver.bindAddress=127.0.0.1",
          "spark.driver.host=localhost");

  @TempDir static Path folder;

  private static StandaloneCluster cluster;
  private static Process otherHost;
  private static String expected;
  private static String onCluster;
  private static String inOneJvm;

  @BeforeAll
  static void run() throws Exception {
    expected = MetricsProbe.expected(TestSession.get(), OperatorSessions.TINY);
    cluster = StandaloneCluster.start(folder);
    otherHost = worker("127.0.0.2");
    onCluster =
        run(
            "cluster",
            cluster.master(),
            "NONE,FAILURE,SPECULATION,LOST_EXECUTOR",
            "spark.executor.cores=2",
            "spark.cores.max=4",
            "spark.executor.memory=512m",
            "spark.scheduler.minRegisteredResourcesRatio=1",
            "spark.locality.wait=0",
            "spark.shuffle.io.retryWait=100ms",
            "spark.speculation=true",
            "spark.speculation.interval=100ms",
            "spark.speculation.quantile=0.5",
            "spark.speculation.multiplier=2",
            "spark.speculation.minTaskRuntime=1s");
    Files.createDirectories(folder.resolve("metrics"));
    inOneJvm =
        run(
            "local",
            "local[2,4]",
            "NONE,FAILURE",
            "spark.plugins=" + InstructorPlugin.class.getName(),
            "spark.metrics.conf.*.sink.csv.class=org.apache.spark.metrics.sink.CsvSink",
            "spark.metrics.conf.*.sink.csv.period=1",
            "spark.metrics.conf.*.sink.csv.unit=seconds",
            "spark.metrics.conf.*.sink.csv.directory=" + folder.resolve("metrics"));
  }

  @AfterAll
  static void stop() {
    if (otherHost != null) {
      otherHost.descendants().forEach(ProcessHandle::destroyForcibly);
      otherHost.destroyForcibly();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private static String run(String name, String master, String troubles, String... more)
      throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.add(folder.resolve("notes-" + name).toString());
    arguments.add(OperatorSessions.TINY);
    arguments.add(troubles);
    arguments.addAll(SETTINGS);
    arguments.addAll(List.of(more));
    return cluster.run(name, MetricsProbe.class, master, arguments);
  }

  /** Spark makes no speculative copy on the host of the task. */
  private static Process worker(String host) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
    command.addAll(
        List.of(
            "-Xmx256m",
            "-cp",
            folder.resolve("home/jars") + "/*",
            "org.apache.spark.deploy.worker.Worker",
            "--host",
            host,
            "--cores",
            "2",
            "--memory",
            "1g",
            "--webui-port",
            "0",
            "--work-dir",
            folder.resolve("work-2").toString(),
            cluster.master()));
    ProcessBuilder java =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("worker-2.log").toFile());
    java.environment().put("SPARK_HOME", folder.resolve("home").toString());
    java.environment().put("SPARK_SCALA_VERSION", "2.13");
    java.environment().put("SPARK_LOCAL_IP", host);
    return java.start();
  }

  @ParameterizedTest
  @EnumSource(MetricsProbe.Trouble.class)
  void areThoseOfAnUndisturbedRunOnACluster(MetricsProbe.Trouble trouble) {
    assertThat(onCluster.lines()).contains("%s: %s".formatted(trouble, expected));
  }

  @Test
  void belongToRunsThatWereDisturbed() {
    assertThat(onCluster.lines())
        .contains(
            "FAILURE took place 6 times",
            "SPECULATION took place 1 times",
            "LOST_EXECUTOR took place 1 times");
    assertThat(inOneJvm.lines()).contains("FAILURE took place 6 times");
  }

  @ParameterizedTest
  @EnumSource(
      value = MetricsProbe.Trouble.class,
      names = {"NONE", "FAILURE"})
  void areThoseOfAnUndisturbedRunInOneJvm(MetricsProbe.Trouble trouble) {
    assertThat(inOneJvm.lines()).contains("%s: %s".formatted(trouble, expected));
  }

  @Test
  void ofTheExecutorReachASinkUnderTheirNames() throws IOException {
    assertThat(last("models.loads")).isEqualTo(1);
    assertThat(last("models.loadSeconds")).isPositive();
    assertThat(last("passes")).isPositive();
    assertThat(last("model.seconds")).isPositive();
    assertThat(last("tokenizer.seconds")).isPositive();
    assertThat(last("queue.waiting")).isZero();
    assertThat(last("queue.seconds")).isNotNegative();
    assertThat(last("models.loaded")).isBetween(0.0, 1.0);
  }

  @Test
  void ofTheExecutorCountWhatWasRepeatedToo() throws IOException {
    assertThat(expected).contains(" 10 errors").contains("218 encoded");
    assertThat(last("texts.errors")).isEqualTo(3 * 10);
    assertThat(last("texts.encoded")).isEqualTo(3 * 218);
    assertThat(last("tokens.encoded")).isPositive();
  }

  /** The last value that the sink wrote. */
  private static double last(String metric) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("metrics"))) {
      Path file =
          files
              .filter(f -> f.toString().endsWith("InstructorPlugin." + metric + ".csv"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no sink wrote " + metric));
      List<String> lines = Files.readAllLines(file);
      return Double.parseDouble(lines.get(lines.size() - 1).split(",")[1]);
    }
  }
}
