package io.instructorspark.job.stores;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.job.CommandRun;
import io.instructorspark.job.Jvms;
import io.instructorspark.job.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** {@code instructor embed} with models of a store and a cache of the test's own. */
final class StoredModels {
  static final Path TINY_BASE =
      Path.of("../udfs/src/test/resources/fixtures/tiny-base").toAbsolutePath().normalize();

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final Map<String, String> settings;
  private int runs;

  /**
   * @param settings Hadoop's, for the store
   */
  StoredModels(Path folder, Map<String, String> settings) {
    this.folder = folder;
    this.settings = settings;
  }

  Path cache() {
    return folder.resolve("cache");
  }

  /** The copies that the cache holds. */
  List<Path> copies() throws IOException {
    try (Stream<Path> models = Files.list(cache().resolve("models"))) {
      return models.filter(Files::isDirectory).toList();
    }
  }

  /** What is being copied, or was left behind. */
  List<Path> incoming() throws IOException {
    try (Stream<Path> children = Files.list(cache().resolve("incoming"))) {
      return children.toList();
    }
  }

  /** Puts a folder's files into a store. */
  static void upload(Path from, String to, Configuration conf) throws IOException {
    try (Stream<Path> walk = Files.walk(from)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        put(Files.readAllBytes(file), to + "/" + from.relativize(file), conf);
      }
    }
  }

  static void put(byte[] content, String to, Configuration conf) throws IOException {
    org.apache.hadoop.fs.Path target = new org.apache.hadoop.fs.Path(to);
    FileSystem files = target.getFileSystem(conf);
    try (var out = files.create(target, true)) {
      out.write(content);
    }
  }

  /** In this JVM; {@code more} replaces settings. */
  CommandRun embed(String model, String... more) throws IOException {
    try {
      return CommandRun.of(arguments(model, more).toArray(String[]::new));
    } finally {
      closeStores();
    }
  }

  /** Copies a model into the store, embeds with the copy, and finds that it is not overwritten. */
  void requireThatACopyIsTakenAndGivenBack(String copy) throws IOException {
    CommandRun fetched = fetch(TINY_BASE.toString(), copy);
    assertThat(fetched.status()).as(fetched.err()).isZero();
    assertThat(embed(copy).status()).isZero();
    assertThat(copies())
        .singleElement()
        .asString()
        .endsWith(Checkpoint.open(TINY_BASE.toString()).fingerprint());
    CommandRun again = fetch(TINY_BASE.toString(), copy);
    assertThat(again.status()).as(again.err()).isZero();
    CommandRun other = fetch("builtin:instructor-mini", copy);
    assertThat(other.status()).isEqualTo(1);
    assertThat(other.err()).contains(copy, "another checkpoint");
  }

  /** {@code model fetch --to}, in this JVM. */
  private CommandRun fetch(String model, String to) {
    List<String> arguments =
        new ArrayList<>(List.of("model", "fetch", model, "--to", to, "--quiet"));
    arguments.addAll(places());
    try {
      return CommandRun.of(arguments.toArray(String[]::new));
    } finally {
      closeStores();
    }
  }

  private static void closeStores() {
    try {
      FileSystem.closeAll(); // Hadoop keeps one for each address, whatever the credentials
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** In a process of its own; returns what it printed. */
  String embedInAProcess(String model, String... more) throws IOException, InterruptedException {
    List<String> arguments = arguments(model, more);
    arguments.addAll(List.of("--master", "local[2]", "--conf", "spark.ui.enabled=false"));
    Path log = folder.resolve("embed-%d.log".formatted(runs));
    Process process = Jvms.start(log, "512m", Main.class, arguments.toArray(String[]::new));
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    process.destroyForcibly();
    if (!ended || process.exitValue() != 0) {
      throw new AssertionError(Files.readString(log));
    }
    return Files.readString(log);
  }

  /** The vectors of the last run. */
  List<JsonNode> vectors() throws IOException {
    List<JsonNode> vectors = new ArrayList<>();
    try (Stream<Path> parts = Files.list(output())) {
      for (Path part : parts.filter(path -> path.toString().contains("part-")).sorted().toList()) {
        if (!part.getFileName().toString().startsWith(".")) {
          for (String line : Files.readAllLines(part)) {
            vectors.add(JSON.readTree(line).get("embedding"));
          }
        }
      }
    }
    return vectors;
  }

  private Path output() {
    return folder.resolve("out-" + runs);
  }

  private List<String> arguments(String model, String... more) throws IOException {
    runs++;
    Path input = folder.resolve("texts.txt");
    Files.writeString(input, "A quiet kettle\nThree loud geese cross the road\n");
    List<String> arguments =
        new ArrayList<>(
            List.of("embed", "--input", input.toString(), "--output", output().toString()));
    arguments.addAll(List.of("--output-format", "jsonl", "--instruction", "Represent the line: "));
    arguments.addAll(List.of("--model", model));
    arguments.addAll(places());
    arguments.addAll(Arrays.asList(more));
    return arguments;
  }

  /** The cache and the store, as the command line has them. */
  private List<String> places() {
    List<String> options =
        new ArrayList<>(List.of("--conf", "spark.instructor.cacheDirectory=" + cache()));
    settings.forEach(
        (key, value) -> options.addAll(List.of("--conf", "spark.hadoop." + key + "=" + value)));
    return options;
  }
}
