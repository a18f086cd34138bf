package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done again and again leaves no native memory behind. */
@EnabledOnOs(OS.LINUX)
class NativeMemoryIT {
  private static final long KB_ALLOWED = 20_000;

  private static Map<String, Long> growth;

  @BeforeAll
  static void probe(@TempDir Path folder) throws Exception {
    ProcessBuilder java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms128m",
                "-Xmx128m",
                "-XX:+AlwaysPreTouch",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                NativeMemoryProbe.class.getName(),
                folder.toString())
            .redirectError(new File(folder.toFile(), "stderr"));
    java.environment().put("OMP_NUM_THREADS", "1");
    java.environment().put("MALLOC_ARENA_MAX", "1");
    java.environment().put("MALLOC_MMAP_THRESHOLD_", "131072"); // set, malloc does not move it and
    java.environment().put("MALLOC_TRIM_THRESHOLD_", "131072"); // gives back at once what is freed
    Process probe = java.start();
    String output = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(probe.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(probe.exitValue()).as(() -> errors(folder)).isZero();
    growth =
        output
            .lines()
            .map(line -> line.split("="))
            .filter(pair -> pair.length == 2)
            .collect(Collectors.toMap(pair -> pair[0], pair -> Long.parseLong(pair[1])));
  }

  private static String errors(Path folder) {
    try {
      return Files.readString(folder.resolve("stderr"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "small batches, first half",
        "small batches, second half",
        "batches",
        "loads",
        "larger loads",
        "plain loads",
        "loads that fail half-way",
        "loads without tokenizer"
      })
  void isFreed(String scenario) {
    assertThat(growth.get(scenario)).isLessThan(KB_ALLOWED);
  }
}
