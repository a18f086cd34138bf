package io.instructorspark.job;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** JVMs with this one's class path. */
public final class Jvms {
  private static final Path JAVA_OPTIONS = Path.of("../conf/java-options").toAbsolutePath();

  private Jvms() {}

  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /**
   * Starts a main class.
   *
   * @param heap as {@code 256m}
   * @param log takes standard output and error
   */
  public static Process start(Path log, String heap, Class<?> main, String... arguments)
      throws IOException {
    return start(log, heap, Map.of(), main, arguments);
  }

  /** Starts a main class with more variables in its environment. */
  public static Process start(
      Path log, String heap, Map<String, String> environment, Class<?> main, String... arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                java(),
                "@" + JAVA_OPTIONS,
                "-Xmx" + heap,
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    Files.createDirectories(log.getParent());
    File file = log.toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(file);
    builder.environment().putAll(environment);
    return builder.start();
  }
}
