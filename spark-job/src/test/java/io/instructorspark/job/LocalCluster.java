package io.instructorspark.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A cluster of {@code scripts/local-cluster}: each worker has one core and room for one executor.
 */
public final class LocalCluster {
  private static final Pattern EXECUTOR = Pattern.compile("executor .*, process (\\d+)");

  private final Path folder;
  private final String master;

  private LocalCluster(Path folder, String master) {
    this.folder = folder;
    this.master = master;
  }

  /** Starts it and waits until all its workers are there. */
  public static LocalCluster start(Path folder, int workers) throws Exception {
    Files.createDirectories(folder);
    String printed =
        script(folder.resolve("cluster"), "start", "--workers", Integer.toString(workers));
    String url =
        printed.lines().filter(line -> line.startsWith("spark://")).findFirst().orElseThrow();
    return new LocalCluster(folder.resolve("cluster"), url);
  }

  /** For {@code --master}. */
  public String master() {
    return master;
  }

  /** SIGKILL to an executor. */
  public void killExecutor() throws Exception {
    script(folder, "kill-executor");
  }

  /** SIGKILL to a worker and its executors. */
  public void killWorker() throws Exception {
    script(folder, "kill-worker");
  }

  /** The processes of the executors that live. */
  public List<Long> executorProcesses() throws Exception {
    return EXECUTOR
        .matcher(script(folder, "status"))
        .results()
        .map(line -> Long.parseLong(line.group(1)))
        .toList();
  }

  /** Every executor that there ever was. */
  public List<Executor> executors() throws IOException {
    Path work = folder.resolve("work");
    try (Stream<Path> files = Files.walk(work)) {
      return files.filter(file -> file.endsWith("stderr")).sorted().map(Executor::new).toList();
    }
  }

  /**
   * An executor's JVM, as its log shows it.
   *
   * @param log its standard error
   */
  public record Executor(Path log) {
    private static final Pattern LOADED = Pattern.compile("INFO Models: loaded ");
    private static final Pattern AGAIN =
        Pattern.compile("INFO Executor: Running task \\d+\\.[1-9]");
    private static final Pattern FINISHED = Pattern.compile("INFO Executor: Finished task ");

    /** How many models it has loaded. */
    public long modelLoads() {
      return LOADED.matcher(text()).results().count();
    }

    /** How many tasks it has finished since it loaded its first model. */
    public long tasksWithModel() {
      return Stream.of(LOADED.split(text(), 2))
          .skip(1)
          .mapToLong(text -> FINISHED.matcher(text).results().count())
          .sum();
    }

    /** How many tasks it has begun that had begun before, elsewhere or here. */
    public long tasksAgain() {
      return AGAIN.matcher(text()).results().count();
    }

    private String text() {
      try {
        return Files.readString(log);
      } catch (IOException e) {
        throw new IllegalStateException(log + " cannot be read", e);
      }
    }
  }

  private static String script(Path folder, String command, String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(command, "--folder", folder.toString()));
    arguments.addAll(List.of(options));
    return Launcher.run(
        folder.resolveSibling("local-cluster-" + command + ".log"), "local-cluster", arguments);
  }

  /** Ends all of it. */
  public void stop() throws Exception {
    script(folder, "stop");
  }
}
