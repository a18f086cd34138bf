package io.instructorspark.checkpoint.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JVMs of one machine that open the same repository of the hub with an empty cache. */
class HubManyJvmsIT {
  private static final int JVMS = 8;
  private static final long MINUTES = 3;

  @TempDir private Path folder;
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void stopAll() {
    processes.forEach(process -> process.destroyForcibly().onExit().join());
  }

  @Test
  void eightAtOnceDownloadItOnceAndAllLoadIt() throws Exception {
    Path go = folder.resolve("go");
    try (HubServer hub = new HubServer()) {
      hub.publish(
          "ours/tiny",
          "main",
          Path.of(HubManyJvmsIT.class.getResource("/fixtures/tiny-base").toURI()));
      for (int i = 0; i < JVMS; i++) {
        processes.add(start(hub.endpoint(), i, go));
      }
      for (int i = 0; i < JVMS; i++) {
        awaitReady(i);
      }
      Files.createFile(go);
      for (int i = 0; i < JVMS; i++) {
        assertThat(processes.get(i).waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
        assertThat(processes.get(i).exitValue()).as(log(i)).isZero();
      }
      assertThat(hub.requests("GET", "").stream().map(HubServer.Request::path))
          .as("whatever was asked for, once at each server")
          .doesNotHaveDuplicates();
    }
    assertThat(IntStream.range(0, JVMS).mapToObj(this::vector).distinct()).hasSize(1);
    try (Stream<Path> files = Files.walk(folder.resolve("hub"))) {
      assertThat(files.map(Path::toString)).noneMatch(path -> path.endsWith("incomplete"));
    }
  }

  private Process start(String endpoint, int number, Path go) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                HubLoadingJvm.class.getName(),
                "hf://ours/tiny",
                ready(number).toString(),
                go.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log-" + number).toFile());
    builder.environment().put("HF_ENDPOINT", endpoint);
    builder.environment().put("HF_HOME", folder.toString());
    return builder.start();
  }

  private Path ready(int number) {
    return folder.resolve("ready-" + number);
  }

  private void awaitReady(int number) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
    while (!Files.exists(ready(number))) {
      assertThat(processes.get(number).isAlive()).as(log(number)).isTrue();
      assertThat(System.nanoTime()).as("still waiting for a JVM").isLessThan(deadline);
      Thread.sleep(10);
    }
  }

  private String log(int number) {
    try {
      return Files.readString(folder.resolve("log-" + number));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private String vector(int number) {
    return log(number)
        .lines()
        .filter(line -> line.startsWith("vector "))
        .findFirst()
        .orElseThrow(() -> new AssertionError(log(number)));
  }
}
