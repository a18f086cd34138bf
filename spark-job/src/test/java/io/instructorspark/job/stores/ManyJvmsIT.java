package io.instructorspark.job.stores;

import static org.assertj.core.api.Assertions.assertThat;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.job.Jvms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JVMs of one machine that open the same stored checkpoint with an empty cache. */
class ManyJvmsIT {
  private static final long MINUTES = 3;

  @TempDir private Path folder;
  private final List<Process> processes = new ArrayList<>();
  private StoredModels models;
  private Path go;

  @BeforeEach
  void place() {
    models = new StoredModels(folder, java.util.Map.of());
    go = folder.resolve("go");
  }

  @AfterEach
  void stopAll() {
    processes.forEach(process -> process.destroyForcibly().onExit().join());
  }

  @Test
  void eightAtOnceCopyItOnceAndAllLoadIt() throws Exception {
    for (int i = 0; i < 8; i++) {
      start(i, 0);
    }
    for (int i = 0; i < 8; i++) {
      awaitFile(file("ready", i));
    }
    Files.createFile(go);
    for (int i = 0; i < 8; i++) {
      requireSuccess(i);
    }
    List<String> files =
        Checkpoint.open(StoredModels.TINY_BASE.toString()).files().stream()
            .map(file -> file.path())
            .toList();
    assertThat(reads()).as("each file once").containsExactlyInAnyOrderElementsOf(files);
    assertThat(vectors(8)).as("one vector, eight times").hasSize(1);
    assertThat(models.copies()).hasSize(1);
    assertThat(models.incoming()).isEmpty();
  }

  @Test
  void anotherTakesOverFromOneThatIsKilledInTheMiddleOfTheCopy() throws Exception {
    Files.createFile(go);
    Process slow = start(0, 50);
    await("the copy has begun", () -> reads().contains("model.safetensors"));
    Path staged = models.incoming().get(0).resolve("model.safetensors");
    await("some of it is there", () -> Files.exists(staged) && Files.size(staged) > 0);
    start(1, 0);
    awaitFile(file("ready", 1));
    slow.destroyForcibly().onExit().join(); // SIGKILL
    assertThat(models.incoming()).as("left behind").hasSize(1);
    assertThat(models.copies()).isEmpty();
    requireSuccess(1);
    assertThat(reads()).filteredOn("model.safetensors"::equals).hasSize(2);
    assertThat(models.copies()).hasSize(1);
    assertThat(models.incoming()).isEmpty();
  }

  private Process start(int number, long delayMillis) throws IOException {
    Process process =
        Jvms.start(
            file("log", number),
            "256m",
            LoadingJvm.class,
            StoredModels.TINY_BASE.toString(),
            models.cache().toString(),
            folder.resolve("reads").toString(),
            Long.toString(delayMillis),
            file("ready", number).toString(),
            go.toString(),
            file("vector", number).toString());
    processes.add(process);
    return process;
  }

  private void requireSuccess(int number) throws Exception {
    Process process = processes.get(number);
    assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(file("log", number))).isZero();
  }

  private TreeSet<String> vectors(int count) throws IOException {
    TreeSet<String> vectors = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      vectors.add(Files.readString(file("vector", i)));
    }
    return vectors;
  }

  private List<String> reads() throws IOException {
    Path reads = folder.resolve("reads");
    if (!Files.exists(reads)) {
      return List.of();
    }
    try (Stream<String> lines = Files.lines(reads)) {
      return lines.toList();
    }
  }

  private Path file(String what, int number) {
    return folder.resolve(what + "-" + number);
  }

  private void awaitFile(Path file) throws Exception {
    await(file + " is there", () -> Files.exists(file));
  }

  private void await(String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        StringBuilder logs = new StringBuilder(what + " does not come true");
        for (int i = 0; i < processes.size(); i++) {
          logs.append('\n').append(Files.readString(file("log", i)));
        }
        throw new AssertionError(logs);
      }
      Thread.sleep(10);
    }
  }
}
