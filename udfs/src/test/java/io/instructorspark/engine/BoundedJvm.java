package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * One run of {@link MemoryLimitProbe} in a JVM that takes little and the same each time, so that
 * what is left is the engine's.
 *
 * @param said its {@code name=value} lines
 * @param output all that it wrote, warnings included
 */
record BoundedJvm(Map<String, String> said, String output) {
  static final String UNLIMITED = "unlimited";

  /**
   * @param limit kB of address space, or {@link #UNLIMITED}
   */
  static BoundedJvm run(Path folder, String limit, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "bash",
                "-c",
                "ulimit -v \"$0\" && exec \"$@\"",
                limit,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms64m",
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xbatch",
                "-XX:ReservedCodeCacheSize=32m",
                "-XX:CompressedClassSpaceSize=32m",
                "-Xss512k",
                "-Dlog4j2.level=WARN",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                MemoryLimitProbe.class.getName()));
    command.addAll(List.of(arguments));
    Path errors = Files.createTempFile(folder, "stderr", ".txt");
    ProcessBuilder java = new ProcessBuilder(command).redirectError(errors.toFile());
    java.environment().put("OMP_NUM_THREADS", "1");
    java.environment().put("MALLOC_ARENA_MAX", "1");
    java.environment().put("MALLOC_MMAP_THRESHOLD_", "131072"); // what is freed is given back
    java.environment().put("MALLOC_TRIM_THRESHOLD_", "131072");
    Process process = java.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    String said = Files.readString(errors);
    assertThat(process.exitValue()).as(output + said).isZero();
    return new BoundedJvm(
        output
            .lines()
            .map(line -> line.split("=", 2))
            .filter(pair -> pair.length == 2)
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (a, b) -> a)),
        output + said);
  }

  long number(String name) {
    return Long.parseLong(said.get(name));
  }
}
