package io.instructorspark.spark;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Kills the driver of {@link StreamingProbe} again and again while it embeds, lets it end, and
 * compares what its sinks hold with a run that nobody disturbed. Arguments: a new folder, how often
 * to kill, and a seed.
 */
final class StreamingChaos {
  private static final long MINUTES = 5;
  private static final int FILES_MORE_THAN_KILLS = 3;

  private final Path folder;
  private final Random random;
  private final StringBuilder account = new StringBuilder();
  private int leftovers;

  StreamingChaos(Path folder, long seed) {
    this.folder = folder;
    this.random = new Random(seed);
  }

  public static void main(String[] arguments) throws Exception {
    int kills = Integer.parseInt(arguments[1]);
    StreamingChaos chaos = new StreamingChaos(Path.of(arguments[0]), Long.parseLong(arguments[2]));
    try (SparkSession session =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate()) {
      session.sparkContext().setLogLevel("ERROR");
      chaos.run(session, kills);
    }
    System.out.print(chaos.account());
  }

  /** What happened, a line for each run of the driver and for each sink. */
  String account() {
    return account.toString();
  }

  /** Files of unfinished batches that a kill left in the batches' folder, over all kills. */
  int leftovers() {
    return leftovers;
  }

  /**
   * @throws AssertionError if a sink lost, doubled or changed a row
   */
  void run(SparkSession session, int kills) throws Exception {
    int files = FILES_MORE_THAN_KILLS + kills; // a kill lets less than one more be finished
    StreamingProbe.writeSource(folder, files);
    for (int kill = 1; kill <= kills; kill++) {
      int tasks = 1 + random.nextInt(7);
      int millis = random.nextInt(700);
      boolean killed = driver(tasks, millis);
      int left = unfinishedFiles();
      leftovers += left;
      say(
          "run %d: %s %d ms after task %d began; %d of %d batches finished, %d files of an unfinished one"
              .formatted(
                  kill,
                  killed ? "killed" : "ended by itself before it could be killed",
                  millis,
                  tasks,
                  finished(),
                  files,
                  left));
      if (!killed) {
        throw new AssertionError("the driver was too fast to be killed:\n" + account);
      }
    }
    driver(Integer.MAX_VALUE, 0);
    say("last run: ended by itself");
    List<Row> expected = StreamingProbe.expected(session, folder);
    String fileSink = StreamingProbe.fileSink(folder).toString();
    String batches = StreamingProbe.batches(folder).toString();
    compare("Spark's file sink", session.read().parquet(fileSink), expected);
    compare("batches, any reader", session.read().parquet(batches), expected);
    compare("batches, EmbeddedBatches.read", EmbeddedBatches.read(session, batches), expected);
  }

  private void say(String line) {
    account.append(line).append('\n');
  }

  private void compare(String sink, Dataset<Row> rows, List<Row> expected) {
    List<Row> actual = rows.orderBy("id").select("id", "embedding").collectAsList();
    List<Object> ids = actual.stream().map(row -> row.get(0)).toList();
    if (!ids.equals(expected.stream().map(row -> row.get(0)).toList())) {
      throw new AssertionError(
          "%s has %d rows in place of %d, with the ids %s\n%s"
              .formatted(sink, actual.size(), expected.size(), ids, account));
    }
    float largest = 0;
    for (int i = 0; i < actual.size(); i++) {
      largest = Math.max(largest, difference(actual.get(i), expected.get(i)));
    }
    if (!(largest <= 1e-6f)) {
      throw new AssertionError("%s: a vector differs by %g\n%s".formatted(sink, largest, account));
    }
    say("%s: %d rows, each once, vectors equal to %.0e".formatted(sink, actual.size(), largest));
  }

  private static float difference(Row one, Row other) {
    if (one.isNullAt(1) || other.isNullAt(1)) {
      return one.isNullAt(1) && other.isNullAt(1) ? 0 : Float.POSITIVE_INFINITY;
    }
    List<Float> a = one.getList(1);
    List<Float> b = other.getList(1);
    float largest = 0;
    for (int i = 0; i < a.size(); i++) {
      largest = Math.max(largest, Math.abs(a.get(i) - b.get(i)));
    }
    return largest;
  }

  private long finished() throws IOException {
    return numbers(StreamingProbe.batches(folder).resolve(BatchMarkers.FOLDER), "[0-9]+[.]json");
  }

  private int unfinishedFiles() throws IOException {
    Path batch = StreamingProbe.batches(folder).resolve("batch=" + finished());
    return (int) numbers(batch, ".*[.]parquet");
  }

  private static long numbers(Path place, String name) throws IOException {
    if (!Files.isDirectory(place)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(place)) {
      return files.filter(file -> file.getFileName().toString().matches(name)).count();
    }
  }

  /**
   * Runs the driver, and kills it a while after so many tasks began.
   *
   * @return whether it was killed
   */
  private boolean driver(int tasks, int millis) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
    command.addAll(
        List.of(
            "-Xmx700m",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            StreamingProbe.class.getName(),
            folder.toString()));
    File log = folder.resolve("driver.log").toFile();
    Process driver =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log)).start();
    try (BufferedReader out = driver.inputReader()) {
      int begun = 0;
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        begun += line.equals(StreamingProbe.TASK) ? 1 : 0;
        if (begun == tasks) {
          Thread.sleep(millis);
          boolean alive = driver.isAlive();
          driver.destroyForcibly().waitFor();
          return alive && driver.exitValue() != 0;
        }
      }
      if (!driver.waitFor(MINUTES, TimeUnit.MINUTES) || driver.exitValue() != 0) {
        throw new AssertionError("the driver failed:\n" + Files.readString(log.toPath()));
      }
      return false;
    } finally {
      driver.destroyForcibly();
    }
  }
}
