package io.instructorspark.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program of {@code scripts/} as a user starts it, on the jars that were built, as a process of
 * its own.
 */
public final class Launcher implements AutoCloseable {
  private static final Path SCRIPTS = Path.of("../scripts").toAbsolutePath().normalize();
  private static final long MINUTES = 10;

  private final Process process;
  private final Path log;

  private Launcher(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a script.
   *
   * @param log takes standard output and error
   */
  public static Launcher start(Path log, String script, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(SCRIPTS.resolve(script).toString()));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().remove("SPARK_HOME");
    return new Launcher(builder.start(), log);
  }

  /** Runs a script that has to succeed, and returns what it printed. */
  public static String run(Path log, String script, List<String> arguments) throws Exception {
    try (Launcher run = start(log, script, arguments)) {
      return run.succeed();
    }
  }

  /** Whether it has not ended yet. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for its end, which has to be a good one, and returns what it printed. */
  public String succeed() throws Exception {
    assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).as(this::printed).isTrue();
    assertThat(process.exitValue()).as(this::printed).isZero();
    return printed();
  }

  /** What it has printed so far. */
  public String printed() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return log + " cannot be read: " + e;
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
