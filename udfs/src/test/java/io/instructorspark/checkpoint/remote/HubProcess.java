package io.instructorspark.checkpoint.remote;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FsUrlStreamHandlerFactory;

/** A hub's server or client as a process of its own, for the tests and for scripts. */
final class HubProcess {
  private HubProcess() {}

  /**
   * {@code serve FOLDER...} serves each folder as {@code local/NAME} until standard input ends;
   * {@code fetch LOCATION PATH...} prints where each file of a repository lies, and its digest;
   * {@code fetch-beside-spark} does so where Hadoop answers for addresses, as Spark has it.
   */
  public static void main(String[] args) throws IOException {
    List<String> rest = Arrays.asList(args).subList(1, args.length);
    switch (args[0]) {
      case "serve" -> serve(rest);
      case "fetch" -> fetch(rest.get(0), rest.subList(1, rest.size()));
      case "fetch-beside-spark" -> {
        URL.setURLStreamHandlerFactory(new FsUrlStreamHandlerFactory());
        fetch(rest.get(0), rest.subList(1, rest.size()));
      }
      default ->
          throw new IllegalArgumentException("serve, fetch or fetch-beside-spark, got " + args[0]);
    }
  }

  private static void serve(List<String> folders) throws IOException {
    try (HubServer server = new HubServer()) {
      System.out.println("endpoint " + server.endpoint());
      for (String folder : folders) {
        String name = "local/" + Path.of(folder).getFileName();
        System.out.println(
            "repository " + name + " " + server.publish(name, "main", Path.of(folder)));
      }
      System.out.println("ready");
      while (System.in.read() >= 0) {
        // until whoever started this ends, or closes the pipe
      }
      server.requests().forEach(request -> System.out.println("request " + request));
    }
  }

  private static void fetch(String location, List<String> paths) throws IOException {
    HubRepository repository =
        HubRepository.open(
            HubLocation.parse(location), HubSettings.ofEnvironment(), TransferWatch.SILENT);
    System.out.println("commit " + repository.commit());
    for (String path : paths) {
      if (repository.has(path)) {
        Path file = repository.fetch(path);
        String digest = HubFault.sha256(Files.readAllBytes(file));
        System.out.println("file %s %s %s".formatted(path, digest, file));
      } else {
        System.out.println("missing " + path);
      }
    }
  }

  /** Starts this class in another JVM; its errors go where this JVM's go. */
  static Process start(Map<String, String> environment, String... args) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                HubProcess.class.getName()));
    command.addAll(Arrays.asList(args));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    return builder.start();
  }
}
