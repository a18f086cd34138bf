package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * Spark's own standalone cluster on this machine, reachable from nowhere else: a master and a
 * worker with four cores and two GPUs, 0 and 1, that nobody looks at. Programs on it see what is on
 * the tests' class path. {@link #close} ends all of it, executors included.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final long SECONDS = 120;

  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final int port;

  private StandaloneCluster(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /** Starts master and worker and waits until they know each other. */
  static StandaloneCluster start(Path folder) throws Exception {
    StandaloneCluster cluster = new StandaloneCluster(folder, freePort());
    boolean alive = false;
    try {
      cluster.home();
      cluster.startMasterAndWorker();
      alive = true;
      return cluster;
    } finally {
      if (!alive) {
        cluster.close();
      }
    }
  }

  private void startMasterAndWorker() throws Exception {
    int pages = freePort();
    spark(
        "master",
        List.of(),
        "org.apache.spark.deploy.master.Master",
        "--host",
        "localhost",
        "--port",
        "" + port,
        "--webui-port",
        "" + pages);
    Path discovery = folder.resolve("gpus");
    Files.writeString(
        discovery, "#!/bin/sh\necho '{\"name\":\"gpu\",\"addresses\":[\"0\",\"1\"]}'\n");
    assertThat(discovery.toFile().setExecutable(true)).isTrue();
    spark(
        "worker",
        List.of(
            "-Dspark.worker.resource.gpu.amount=2",
            "-Dspark.worker.resource.gpu.discoveryScript=" + discovery),
        "org.apache.spark.deploy.worker.Worker",
        "--host",
        "localhost",
        "--cores",
        "4",
        "--memory",
        "2g",
        "--webui-port",
        "0",
        "--work-dir",
        folder.resolve("work").toString(),
        master());
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest state =
        HttpRequest.newBuilder(URI.create("http://localhost:%d/json/".formatted(pages))).build();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!answer(client, state).contains("\"aliveworkers\" : 1")) {
      assertThat(System.nanoTime()).as(this::logs).isLessThan(end);
      assertThat(processes).as(this::logs).allMatch(Process::isAlive);
      Thread.sleep(200);
    }
  }

  private static String answer(HttpClient client, HttpRequest request) throws InterruptedException {
    try {
      return client.send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) { // not there yet
      return "";
    }
  }

  /** The address of its master. */
  String master() {
    return "spark://localhost:" + port;
  }

  /**
   * Runs a driver program to its end.
   *
   * @param name of its log
   * @param main a class with a main method
   * @param master its first argument
   * @return what it printed
   */
  String run(String name, Class<?> main, String master, List<String> arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(master));
    all.addAll(arguments);
    Process driver = spark(name, List.of(), main.getName(), all.toArray(String[]::new));
    boolean ended = driver.waitFor(SECONDS, TimeUnit.SECONDS);
    driver.destroyForcibly();
    assertThat(ended).as(this::logs).isTrue();
    assertThat(driver.exitValue()).as(this::logs).isZero();
    return Files.readString(log(name));
  }

  private Process spark(String name, List<String> options, String main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
    command.add("-Xmx512m");
    command.addAll(options);
    command.addAll(List.of("-cp", folder.resolve("home/jars") + "/*", main));
    command.addAll(List.of(arguments));
    ProcessBuilder java =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log(name).toFile());
    java.environment().put("SPARK_HOME", folder.resolve("home").toString());
    java.environment().put("SPARK_SCALA_VERSION", "2.13");
    java.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    java.environment().put("SPARK_LOCAL_HOSTNAME", "localhost");
    java.environment().keySet().removeAll(Set.of("SPARK_CONF_DIR", "HADOOP_CONF_DIR"));
    Process process = java.start();
    processes.add(process);
    return process;
  }

  private Path log(String name) {
    return folder.resolve(name + ".log");
  }

  /** What a distribution of Spark has in jars: links to jars, and jars of the build's folders. */
  private void home() throws IOException {
    Path jars = Files.createDirectories(folder.resolve("home/jars"));
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    int number = 0;
    for (String entry : classPath.split(File.pathSeparator)) {
      Path path = Path.of(entry).toAbsolutePath();
      Path jar = jars.resolve("%03d.jar".formatted(number++));
      if (Files.isDirectory(path)) {
        pack(path, jar);
      } else if (Files.exists(path)) {
        Files.createSymbolicLink(jar, path);
      }
    }
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(
            new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
  }

  private String logs() {
    StringBuilder logs = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file :
          files.filter(f -> f.toString().endsWith(".log") || f.endsWith("stderr")).toList()) {
        List<String> lines = Files.readAllLines(file);
        logs.append(file).append('\n');
        lines.stream()
            .skip(Math.max(0, lines.size() - 40))
            .forEach(l -> logs.append(l).append('\n'));
      }
    } catch (IOException e) {
      logs.append(e);
    }
    return logs.toString();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    List<ProcessHandle> all =
        processes.stream()
            .flatMap(process -> Stream.concat(process.descendants(), Stream.of(process.toHandle())))
            .toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(process -> process.onExit().join());
  }
}
