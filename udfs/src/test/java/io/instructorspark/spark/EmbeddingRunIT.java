package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingRunIT {
  /** What happens while a column is computed, once; in a thread that is no task's. */
  static final class Interruption {
    interface Step {
      void run() throws Exception;
    }

    private static volatile Step next;

    private Interruption() {}

    static Column column(Column text) {
      return functions
          .udf(
              (UDF1<String, String>)
                  value -> {
                    take(next);
                    return value;
                  },
              DataTypes.StringType)
          .asNondeterministic()
          .apply(text);
    }

    private static void take(Step step) {
      next = null;
      run(step);
    }

    static void run(Step step) {
      if (step == null) {
        return;
      }
      AtomicReference<Throwable> failure = new AtomicReference<>();
      Thread thread =
          new Thread(
              () -> {
                try {
                  step.run();
                } catch (Throwable e) {
                  failure.set(e);
                }
              });
      thread.start();
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      assertThat(failure.get()).isNull();
    }
  }

  /** A store that takes its time: something else happens before the first answer. */
  public static final class SlowFileSystem extends RawLocalFileSystem {
    private static volatile Interruption.Step next;

    static void use(SparkSession session) {
      session.conf().set("fs.slow.impl", SlowFileSystem.class.getName());
    }

    @Override
    public URI getUri() {
      return URI.create("slow:///");
    }

    @Override
    public FileStatus getFileStatus(org.apache.hadoop.fs.Path file) throws IOException {
      Interruption.Step step = next;
      next = null;
      Interruption.run(step);
      return super.getFileStatus(file);
    }
  }

  private static final int ROWS = 6_000;

  @TempDir Path folder;
  private SparkSession session;
  private Path output;

  @BeforeEach
  void takeSession() {
    session = OperatorSessions.registered();
    session.conf().set("spark.instructor.model", OperatorSessions.TINY);
    output = folder.resolve("out");
  }

  @AfterEach
  void revive() {
    CrashingFileSystem.revive();
  }

  private static InstructorEmbedder stage() {
    return new InstructorEmbedder()
        .setInstruction("Represent the sentence: ")
        .setTokenCountCol("tokens")
        .setTruncatedCol("cut")
        .setErrorCol("error");
  }

  private static EmbeddingRun run(Path output) {
    return EmbeddingRun.of(stage(), output.toString()).withIfExists(IfExists.RESUME);
  }

  /** Rows in files, of texts of one to nine words; every hundredth is null. */
  private Path input(String name, int from, int to, int files) {
    Path path = folder.resolve(name);
    session
        .range(from, to, 1, files)
        .selectExpr(
            "id",
            "if(id % 100 = 7, null, concat('river', repeat(' and stone', int(id % 9)), ' ', id)) AS text",
            "map('n', id % 3) AS more")
        .write()
        .mode("append")
        .parquet(path.toString());
    return path;
  }

  /** An input of six slices. */
  private Dataset<Row> sliced() {
    return read(input("in", 0, ROWS, 1)).repartition(6);
  }

  private Dataset<Row> read(Path path) {
    return session.read().parquet(path.toString());
  }

  private static Map<Long, Row> byId(Dataset<Row> rows) {
    Map<Long, Row> byId = new HashMap<>();
    List<Row> all = rows.collectAsList();
    all.forEach(row -> byId.put(row.<Long>getAs("id"), row));
    assertThat(byId).as("no row twice").hasSameSizeAs(all);
    return byId;
  }

  /** The same rows with the same vectors. */
  private void assertSame(Dataset<Row> found, Dataset<Row> expected) {
    Map<Long, Row> actual = byId(found);
    Map<Long, Row> wanted = byId(expected);
    assertThat(actual.keySet()).isEqualTo(wanted.keySet());
    wanted.forEach(
        (id, row) -> {
          Row other = actual.get(id);
          assertThat(other.<String>getAs("text")).isEqualTo(row.<String>getAs("text"));
          List<Float> vector = vector(row);
          List<Float> otherVector = vector(other);
          assertThat(otherVector == null).as("null vector of %d", id).isEqualTo(vector == null);
          for (int i = 0; vector != null && i < vector.size(); i++) {
            assertThat(otherVector.get(i)).as("id %d", id).isCloseTo(vector.get(i), within(1e-6f));
          }
        });
  }

  private static List<Float> vector(Row row) {
    int column = row.fieldIndex("embedding");
    return row.isNullAt(column) ? null : row.getList(column);
  }

  private List<String> parts() throws IOException {
    try (Stream<Path> files = Files.list(output)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("part-"))
          .sorted()
          .toList();
    }
  }

  /** How many slices are said to be done. */
  private int marked() throws IOException {
    try (Stream<Path> markers = Files.list(states("done").get(0))) {
      return (int) markers.filter(file -> file.toString().endsWith(".json")).count();
    }
  }

  private Path state(String name) {
    return output.resolve(RunFolder.STATE).resolve(name);
  }

  /** What runs have left of a kind in the state. */
  private List<Path> states(String kind) throws IOException {
    try (Stream<Path> files = Files.list(output.resolve(RunFolder.STATE))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(kind + "-"))
          .sorted()
          .toList();
    }
  }

  /** Makes the claim of a run of this JVM look like one of a process that is gone. */
  private void bury() throws IOException {
    Path state = output.resolve(RunFolder.STATE);
    if (!Files.exists(state)) {
      return;
    }
    try (Stream<Path> files = Files.list(state)) {
      for (Path owner :
          files.filter(file -> file.getFileName().toString().matches("owner-.*json")).toList()) {
        String claim = Files.readString(owner);
        if (!claim.contains("\"started\"")) {
          Files.delete(owner); // broken off: taken for alive for some seconds
        } else {
          Files.writeString(owner, claim.replaceAll("\"started\" : \\d+", "\"started\" : 1"));
        }
        Files.deleteIfExists(state.resolve("." + owner.getFileName() + ".crc"));
      }
    }
  }

  /** A run whose last slices cannot be read; after it, they can. */
  private void breakOff(Dataset<Row> rows, EmbeddingRun run) throws IOException {
    try (PreparedRun broken = run.prepare(rows)) {
      Map<Path, byte[]> contents = new HashMap<>();
      for (Path slice : slices()) {
        if (contents.size() < 2) {
          contents.put(slice, Files.readAllBytes(slice));
          Files.write(slice, new byte[10]); // smaller than the others, so the last to be read
          Files.deleteIfExists(slice.resolveSibling("." + slice.getFileName() + ".crc"));
        }
      }
      assertThatThrownBy(broken::embed).isInstanceOf(Exception.class);
      awaitNoTasks();
      for (Map.Entry<Path, byte[]> content : contents.entrySet()) {
        Files.write(content.getKey(), content.getValue());
      }
    }
  }

  /** Tasks of a failed job are told to end, and take their time. */
  private void awaitNoTasks() {
    Instant end = Instant.now().plusSeconds(30);
    while (Arrays.stream(session.sparkContext().statusTracker().getExecutorInfos())
        .anyMatch(executor -> executor.numRunningTasks() > 0)) {
      assertThat(Instant.now()).as("a task goes on").isBefore(end);
      LockSupport.parkNanos(20_000_000);
    }
  }

  private List<Path> slices() throws IOException {
    try (Stream<Path> files = Files.list(states("slices").get(0))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("slice-"))
          .sorted(Comparator.reverseOrder())
          .toList();
    }
  }

  @Nested
  class Undisturbed {
    @Test
    void equalsTheStageInTheInputsOrder() throws IOException {
      Dataset<Row> rows = read(input("in", 0, ROWS, 1));
      RunResult result = run(output).run(rows);
      assertSame(read(output), stage().transform(rows));
      assertThat(result.rows()).isEqualTo(ROWS);
      assertThat(result.vectors()).isEqualTo(ROWS - ROWS / 100);
      assertThat(result.errors()).isZero();
      assertThat(result.embedded()).isEqualTo(ROWS);
      assertThat(result.repeated()).isZero();
      assertThat(result.totals().rows()).isEqualTo(ROWS);
      assertThat(result.totals().work().encoded()).isLessThanOrEqualTo(ROWS);
      List<Long> ids = new ArrayList<>();
      for (String part : parts()) {
        read(output.resolve(part)).select("id").collectAsList().forEach(r -> ids.add(r.getLong(0)));
      }
      assertThat(ids).isEqualTo(IntStream.range(0, ROWS).mapToObj(i -> (long) i).toList());
      assertThat(output.resolve("_instructor.json")).content().contains("Represent the sentence");
      assertThat(states("slices")).isEmpty();
      assertThat(states("done")).isEmpty();
    }

    @Test
    void isOfTheModelThatWasThereWhenItBegan() throws IOException {
      Path model = Files.createDirectory(folder.resolve("model"));
      FileUtils.copyDirectory(new File(OperatorSessions.TINY), model.toFile());
      InstructorEmbedder stage = stage().setModel(model.toString());
      Dataset<Row> rows = read(input("in", 0, ROWS, 1));
      try (PreparedRun run = EmbeddingRun.of(stage, output.toString()).prepare(rows)) {
        Files.delete(model.resolve("modules.json")); // as when a mount is gone
        run.embed();
      }
      assertSame(read(output), stage().transform(rows)); // its model is the one that was copied
    }

    @Test
    void isBalancedByTokens() throws IOException {
      Dataset<Row> rows =
          session
              .range(0, 4_000, 1, 1)
              .selectExpr(
                  "id",
                  "if(id < 1000, repeat('river and stone ', 40), concat('river ', id)) AS text");
      EmbeddingRun slow =
          EmbeddingRun.of(stage().setModel("builtin:instructor-mini"), output.toString());
      try (PreparedRun run = slow.prepare(rows, List.of(sized(400_000)))) {
        String manifest = Files.readString(states("manifest").get(0));
        List<Long> tokens = numbers(manifest, "tokens");
        List<Long> counts = numbers(manifest, "rows");
        assertThat(tokens).hasSizeGreaterThan(2);
        long most = tokens.stream().max(Comparator.naturalOrder()).orElseThrow();
        for (int i = 0; i < tokens.size() - 1; i++) { // the last one is what was left
          assertThat(tokens.get(i)).as("slice %d", i).isGreaterThan(most * 3 / 4);
        }
        assertThat(counts.get(tokens.size() - 2)).isGreaterThan(4 * counts.get(0));
        assertThat(run.rows()).isEqualTo(4_000);
      }
    }

    private String sized(int bytes) throws IOException {
      return Files.write(folder.resolve("sized"), new byte[bytes]).toString();
    }

    private static List<Long> numbers(String json, String key) {
      return java.util.regex.Pattern.compile("\"%s\" : (\\d+)".formatted(key))
          .matcher(json)
          .results()
          .map(found -> Long.parseLong(found.group(1)))
          .toList();
    }

    @ParameterizedTest
    @EnumSource(OutputFormat.class)
    void withoutRowsHasItsColumns(OutputFormat format) {
      RunResult result =
          run(output).withFormat(format).run(read(input("in", 0, 10, 1)).where("id < 0"));
      assertThat(result.rows()).isZero();
      assertThat(output.resolve("_SUCCESS")).exists();
      if (format == OutputFormat.PARQUET) {
        assertThat(read(output).columns()).contains("id", "embedding", "error");
      }
    }

    @Test
    void keepsTheOrderOfManyPartitions() throws IOException {
      Dataset<Row> rows = session.range(0, 300, 1, 80).selectExpr("id", "'text ' || id AS text");
      assertThat(run(output).run(rows).rows()).isEqualTo(300);
      List<Long> ids = new ArrayList<>();
      for (String part : parts()) {
        read(output.resolve(part)).collectAsList().forEach(row -> ids.add(row.getAs("id")));
      }
      assertThat(ids).hasSize(300).isSorted();
    }

    @Test
    void leavesOutWhatCannotBeEmbeddedWhereThatIsAsked() {
      Dataset<Row> rows =
          read(input("in", 0, 50, 1)).selectExpr("id", "text", "if(id = 3, 'torn', null) AS bad");
      InstructorEmbedder skipping =
          new InstructorEmbedder().setInstruction("").setHandleInvalid("skip");
      RunResult result =
          EmbeddingRun.of(skipping, output.toString()).withProblemCol("bad").run(rows);
      assertThat(result.rows()).isEqualTo(49);
      assertThat(result.skipped()).isEqualTo(1);
      assertThat(read(output).columns()).containsExactly("id", "text", "embedding");
      assertThat(byId(read(output))).doesNotContainKey(3L);
    }
  }

  @Nested
  class BrokenOff {
    @Test
    void goesOnWhereItWas() throws IOException {
      Dataset<Row> rows = sliced();
      breakOff(rows, run(output));
      int before = parts().size();
      assertThat(before).isPositive();
      assertThat(output.resolve("_SUCCESS")).doesNotExist();
      assertThatThrownBy(() -> run(output).withIfExists(IfExists.ERROR).run(rows))
          .isInstanceOf(OutputException.class)
          .hasMessageContaining("broken off")
          .hasMessageContaining("--if-exists resume");
      RunResult result = run(output).run(rows);
      assertThat(result.rows()).isEqualTo(ROWS);
      assertThat(result.embedded()).isPositive().isLessThan(ROWS);
      assertThat(result.totals().rows()).isEqualTo(result.embedded());
      assertSame(read(output), stage().transform(rows));
      assertThat(run(output).run(rows).embedded()).isZero();
    }

    @Test
    void countsAndRemovesWhatWasBegun() throws IOException {
      Dataset<Row> rows = sliced();
      breakOff(rows, run(output));
      String stray = "part-000005-00000000-0000-0000-0000-000000000000.snappy.parquet";
      List<String> finished = parts();
      assertThat(finished).noneMatch(name -> name.startsWith("part-000005-"));
      Files.writeString(output.resolve(stray), "PAR1 and no more");
      long begun = parts().size() - marked(); // the job's end may have met other slices half-way
      RunResult result = run(output).run(rows);
      assertThat(parts()).doesNotContain(stray).hasSize(6);
      assertThat(result.repeated()).isEqualTo(begun * (ROWS / 6));
      assertSame(read(output), stage().transform(rows));
    }

    @Test
    void doesNotTrustMarkersAndManifestsThatWereBrokenOff() throws IOException {
      Dataset<Row> rows = sliced();
      breakOff(rows, run(output));
      Path marker;
      try (Stream<Path> markers = Files.list(states("done").get(0))) {
        marker = markers.filter(file -> !file.toString().endsWith("crc")).findFirst().orElseThrow();
      }
      Files.writeString(marker, Files.readString(marker).substring(0, 30));
      Files.writeString(state("manifest-000009-0123456789abcdef.json"), "{\"format\" : 1, \"num");
      assertThat(run(output).run(rows).rows()).isEqualTo(ROWS);
      assertSame(read(output), stage().transform(rows));
    }

    @Test
    void isRefusedWithOtherSettingsByTheirNames() throws IOException {
      Dataset<Row> rows = read(input("in", 0, 200, 2));
      try (PreparedRun prepared = run(output).prepare(rows)) {
        assertThat(prepared.pendingRows()).isEqualTo(200);
      }
      Map<String, InstructorEmbedder> others =
          Map.of(
              "the instruction was 'Represent the sentence: ' and is 'x' now",
              stage().setInstruction("x"),
              "the model's fingerprint was",
              stage().setModel(OperatorSessions.fixture("tiny-fp16")),
              "compatibility was 'v1_0_1' and is 'st' now",
              stage().setCompatibility("st"),
              "maxLength was",
              stage().setMaxLength(20),
              "longText was 'truncate' and is 'chunk' now",
              stage().setLongText("chunk"),
              "precision was 'fp32'",
              stage().setPrecision("bf16"),
              "the vector column was 'embedding'",
              stage().setOutputCol("v"));
      others.forEach(
          (message, stage) ->
              assertThatThrownBy(
                      () ->
                          EmbeddingRun.of(stage, output.toString())
                              .withIfExists(IfExists.RESUME)
                              .run(rows))
                  .isInstanceOf(OutputException.class)
                  .hasMessageContaining(message));
      assertThatThrownBy(() -> run(output).withFormat(OutputFormat.JSONL).run(rows))
          .hasMessageContaining("the output's format was 'parquet' and is 'jsonl' now");
      assertThatThrownBy(() -> run(output).run(rows.drop("more")))
          .hasMessageContaining("other columns");
      input("in", 200, 210, 1);
      assertThatThrownBy(() -> run(output).run(read(folder.resolve("in"))))
          .hasMessageContaining("is new")
          .hasMessageContaining("id column");
      assertThat(run(output).run(rows).embedded()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 5, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 70})
    void atAnyChangeOfTheStoreLosesAndDoublesNothing(int change) throws IOException {
      CrashingFileSystem.use(session);
      Dataset<Row> rows = read(input("in", 0, 240, 3));
      EmbeddingRun run = EmbeddingRun.of(stage(), "crash:" + output).withIfExists(IfExists.RESUME);
      CrashingFileSystem.crashAt(change);
      RunResult first = null;
      try {
        first = run.run(rows);
      } catch (Exception dead) { // Spark's are checked ones too, and not declared
        assertThat(CrashingFileSystem.crashed()).isTrue();
      }
      CrashingFileSystem.revive();
      bury();
      RunResult second = run.run(rows);
      assertThat(second.rows()).isEqualTo(240);
      assertThat(first == null || first.rows() == 240).isTrue();
      assertSame(read(output), stage().transform(rows));
      assertThat(output.resolve("_SUCCESS")).exists();
      assertThat(states("slices")).isEmpty();
    }
  }

  @Nested
  class Output {
    @Test
    void ofAnotherRunIsNotTouched() throws IOException {
      Dataset<Row> rows = read(input("in", 0, 200, 2));
      try (PreparedRun first = run(output).prepare(rows)) {
        assertThatThrownBy(() -> run(output).run(rows))
            .isInstanceOf(OutputException.class)
            .hasMessageContaining("another run writes")
            .hasMessageContaining("process " + ProcessHandle.current().pid());
        assertThatThrownBy(() -> run(output).withIfExists(IfExists.OVERWRITE).run(rows))
            .hasMessageContaining("another run writes");
        assertThat(first.embed().rows()).isEqualTo(200);
      }
    }

    @Test
    void thatAnotherRunHasTakenOverEndsTheFirst() throws IOException {
      Dataset<Row> rows = read(input("in", 0, 200, 2));
      try (PreparedRun first = run(output).prepare(rows)) {
        bury();
        assertThat(run(output).run(rows).rows()).isEqualTo(200);
        assertThatThrownBy(first::embed).hasStackTraceContaining("has taken over");
      }
      assertSame(read(output), stage().transform(rows));
    }

    @Test
    void thatIsDeletedOnTheWayEndsTheRun() throws IOException {
      Dataset<Row> rows = sliced();
      PreparedRun run = run(output).prepare(rows);
      deleteAll(output);
      assertThatThrownBy(run::embed).isInstanceOf(Exception.class);
      run.close();
      assertThat(output.resolve("_SUCCESS")).doesNotExist();
      deleteAll(output);
      assertThat(run(output).run(rows).rows()).isEqualTo(ROWS);
    }

    @Test
    void thatAnotherRunTookOverWhileTheFirstReadItsInputIsTheOthers() throws Exception {
      Dataset<Row> rows = read(input("in", 0, 200, 1));
      Interruption.next =
          () -> {
            bury();
            assertThat(run(output).run(rows).rows()).isEqualTo(200);
          };
      Dataset<Row> slow = rows.withColumn("text", Interruption.column(rows.col("text")));
      assertThatThrownBy(() -> run(output).run(slow)).hasStackTraceContaining("has taken over");
      assertThat(output.resolve("_SUCCESS")).exists();
      assertSame(read(output), stage().transform(rows));
      assertThat(run(output).run(rows).embedded()).isZero();
    }

    @Test
    void thatAnotherRunFinishedWhileTheFirstLookedAtItsInputIsNotReplaced() throws Exception {
      Dataset<Row> rows = read(input("in", 0, 20, 1));
      EmbeddingRun late = EmbeddingRun.of(stage(), output.toString());
      SlowFileSystem.use(session);
      SlowFileSystem.next = () -> run(output).run(rows);
      List<String> files = List.of("slow:" + folder.resolve("in"));
      assertThatThrownBy(() -> late.prepare(rows, files))
          .isInstanceOf(OutputException.class)
          .hasMessageContaining("exists already");
      assertSame(read(output), stage().transform(rows));
    }

    @Test
    void thatIsFinishedIsCleanedOfWhatATaskLeftBehind() throws IOException {
      Dataset<Row> rows = read(input("in", 0, 20, 1));
      run(output).run(rows);
      Path part = output.resolve(parts().get(0));
      Files.copy(part, output.resolve("part-000000-left.snappy.parquet"));
      Files.createDirectory(state("slices-000001-0123456789abcdef"));
      assertThat(run(output).run(rows).embedded()).isZero();
      assertThat(parts()).containsExactly(part.getFileName().toString());
      assertThat(states("slices")).isEmpty();
      Files.delete(part);
      assertThatThrownBy(() -> run(output).run(rows))
          .isInstanceOf(OutputException.class)
          .hasMessageContaining("is not there any more")
          .hasMessageContaining("--if-exists overwrite");
    }

    @Test
    void ofWhichNoManifestTellsIsNotReplacedByResuming() throws IOException {
      Dataset<Row> rows = read(input("in", 0, 20, 1));
      run(output).run(rows);
      Path manifest = states("manifest").get(0);
      Files.deleteIfExists(manifest.resolveSibling("." + manifest.getFileName() + ".crc"));
      Files.writeString(
          manifest, Files.readString(manifest).replace("\"format\" : 1", "\"format\" : 2"));
      assertThatThrownBy(() -> run(output).run(rows))
          .isInstanceOf(OutputException.class)
          .hasMessageContaining("another version");
      assertSame(read(output), stage().transform(rows));
    }

    @Test
    void whoseStateIsALinkIsNotTouched() throws IOException {
      Path precious = Files.createDirectories(folder.resolve("home"));
      Files.writeString(precious.resolve("manifest-000001-0123456789abcdef.json"), "precious");
      Files.createDirectories(output);
      Files.createSymbolicLink(output.resolve(RunFolder.STATE), precious);
      Dataset<Row> rows = read(input("in", 0, 20, 1));
      for (IfExists how : List.of(IfExists.RESUME, IfExists.OVERWRITE)) {
        assertThatThrownBy(() -> run(output).withIfExists(how).run(rows))
            .isInstanceOf(OutputException.class)
            .hasMessageContaining("is a link");
      }
      assertThat(precious).isDirectoryContaining("glob:**manifest*");
    }

    @Test
    void thatGotSomethingForeignOnTheWayIsNotCleared() throws IOException {
      Dataset<Row> broken =
          read(input("in", 0, 30, 1))
              .selectExpr("id", "if(id = 29, raise_error('torn'), text) AS text", "more");
      Files.createDirectories(output);
      assertThatThrownBy(() -> run(output).run(broken)).hasStackTraceContaining("torn");
      Files.writeString(output.resolve("notes.csv"), "precious");
      assertThatThrownBy(() -> run(output).run(read(folder.resolve("in"))))
          .isInstanceOf(OutputException.class)
          .hasMessageContaining("notes.csv");
      assertThat(output.resolve("notes.csv")).hasContent("precious");
    }

    @Test
    void whoseListOfPartFilesWasBrokenOffIsFinishedFromItsMarkers() throws IOException {
      Dataset<Row> rows = sliced();
      breakOff(rows, run(output));
      Path manifest = states("manifest").get(0);
      String token = manifest.getFileName().toString().replaceAll("manifest-|\\.json", "");
      Path committed = state("committed-" + token + ".json");
      Files.writeString(committed, "{\"parts\" : [ {\"slice\" : 0, ");
      Files.write(state("." + committed.getFileName() + ".crc"), new byte[] {'c', 'r', 'c', 0});
      assertThat(run(output).run(rows).rows()).isEqualTo(ROWS);
      assertSame(read(output), stage().transform(rows));
    }

    private static void deleteAll(Path folder) throws IOException {
      if (Files.exists(folder)) {
        try (Stream<Path> files = Files.walk(folder)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    }

    @Test
    void thatLostAPartFileIsNotFinished() throws IOException {
      Dataset<Row> rows = sliced();
      breakOff(rows, run(output));
      Files.delete(output.resolve(parts().get(0)));
      assertThat(run(output).run(rows).rows()).isEqualTo(ROWS);
      assertSame(read(output), stage().transform(rows));
    }

    @Test
    void thatCannotBeWrittenSaysSo() throws IOException {
      Path file = Files.writeString(folder.resolve("file"), "precious");
      Dataset<Row> rows = read(input("in", 0, 10, 1));
      assertThatThrownBy(() -> run(file).run(rows)).isInstanceOf(OutputException.class);
      assertThatThrownBy(() -> run(file.resolve("out")).run(rows))
          .isInstanceOf(OutputException.class)
          .hasMessageContaining("file");
      assertThat(file).hasContent("precious");
    }

    @ParameterizedTest
    @ValueSource(strings = {"notes.txt", "part-one/a.txt", "year=2024/notes.txt", "a=b.txt"})
    void thatHoldsSomethingForeignIsNotOverwritten(String name) throws IOException {
      Files.createDirectories(output.resolve(name).getParent());
      Files.createFile(output.resolve("_SUCCESS"));
      Files.writeString(output.resolve(name), "precious");
      Dataset<Row> rows = read(input("in", 0, 10, 1));
      assertThatThrownBy(() -> run(output).withIfExists(IfExists.OVERWRITE).run(rows))
          .isInstanceOf(OutputException.class)
          .hasMessageContaining(name.split("/")[0])
          .hasMessageContaining("is not what Spark wrote");
      assertThatThrownBy(() -> run(output).run(rows)).hasMessageContaining("can be resumed");
      assertThat(output.resolve(name)).hasContent("precious");
    }

    @Test
    void isOverwrittenOnlyWhenTheInputIsRead() throws IOException {
      Dataset<Row> old = read(input("old", 0, 20, 1));
      run(output).run(old);
      Dataset<Row> broken =
          read(input("in", 0, 30, 1))
              .selectExpr("id", "if(id = 29, raise_error('torn'), text) AS text", "more");
      EmbeddingRun overwriting = run(output).withIfExists(IfExists.OVERWRITE);
      assertThatThrownBy(() -> overwriting.run(broken)).hasStackTraceContaining("torn");
      assertSame(read(output), stage().transform(old));
      assertThat(output.resolve("_SUCCESS")).exists();
      Dataset<Row> rows = read(folder.resolve("in"));
      assertThat(overwriting.run(rows).rows()).isEqualTo(30);
      assertSame(read(output), stage().transform(rows));
    }

    @Test
    void isNotLeftBehindByAnInputThatCannotBeRead() {
      Dataset<Row> broken =
          read(input("in", 0, 30, 1))
              .selectExpr("id", "if(id = 29, raise_error('torn'), text) AS text");
      assertThatThrownBy(() -> run(output).run(broken)).hasStackTraceContaining("torn");
      assertThat(output).doesNotExist();
    }
  }

  @Nested
  class GrownInputs {
    private EmbeddingRun byId() {
      return run(output).withIdCol("id");
    }

    @Test
    void haveOnlyTheirNewRowsEmbedded() {
      byId().run(read(input("in", 0, 200, 2)));
      Dataset<Row> grown = read(input("in", 200, 300, 2));
      RunResult result = byId().run(grown);
      assertThat(result.embedded()).isEqualTo(100);
      assertThat(result.rows()).isEqualTo(300);
      assertThat(result.changes().added()).isEqualTo(100);
      assertThat(result.totals().work().encoded()).isLessThanOrEqualTo(100);
      assertSame(read(output), stage().transform(grown));
      assertThat(byId().run(grown).embedded()).isZero();
    }

    @Test
    void haveChangesReportedAppliedOrRefused() {
      byId().run(read(input("in", 0, 200, 4)));
      Path changed = folder.resolve("changed");
      read(folder.resolve("in"))
          .where("id <> 10 AND id <> 150")
          .selectExpr("id", "if(id = 20, 'another text', text) AS text", "more")
          .write()
          .parquet(changed.toString());
      session
          .range(200, 205)
          .selectExpr("id", "'new' AS text", "map('n', id % 3) AS more")
          .write()
          .mode("append")
          .parquet(changed.toString());
      Dataset<Row> now = read(changed);
      assertThatThrownBy(() -> byId().withChanges(Changes.ERROR).run(now))
          .isInstanceOf(OutputException.class)
          .hasMessageContaining("1 have changed and 2 are gone");
      RunResult reported = byId().run(now);
      assertThat(reported.rows()).isEqualTo(205);
      assertThat(reported.embedded()).isEqualTo(5);
      assertThat(reported.changes().changed()).isEqualTo(1);
      assertThat(reported.changes().deleted()).isEqualTo(2);
      assertThat(reported.changes().examples()).containsExactlyInAnyOrder("10", "20", "150");
      RunResult applied = byId().withChanges(Changes.APPLY).run(now);
      assertThat(applied.rows()).isEqualTo(203);
      assertThat(applied.embedded()).isEqualTo(1);
      assertThat(applied.vectors()).isEqualTo(applied.rows() - 2);
      assertSame(read(output), stage().transform(now));
    }

    @Test
    void areRefusedWithIdsThatAreNullOrNotUnique() {
      byId().run(read(input("in", 0, 20, 1)));
      Dataset<Row> twice = read(input("in", 10, 30, 1));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> byId().run(twice))
          .withMessageContaining("2 times");
      Dataset<Row> nulls = twice.selectExpr("nullif(id, 5) AS id", "text", "more");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> byId().run(nulls))
          .withMessageContaining("has a null");
      assertThat(output.resolve("_SUCCESS")).exists();
    }

    @Test
    void ofAnOutputWithARowThatHasNoIdAreRefused() {
      Dataset<Row> first = read(input("in", 0, 20, 1));
      byId().run(first.selectExpr("nullif(id, 5) AS id", "text", "more"));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> byId().withChanges(Changes.APPLY).run(first))
          .withMessageContaining("the output, from before")
          .withMessageContaining("has a null");
    }

    @Test
    void whoseBadRowsAreLeftOutCountThemOnce() throws IOException {
      InstructorEmbedder skipping =
          new InstructorEmbedder().setInstruction("").setHandleInvalid("skip");
      EmbeddingRun run =
          EmbeddingRun.of(skipping, output.toString())
              .withProblemCol("bad")
              .withIdCol("id")
              .withIfExists(IfExists.RESUME)
              .withChanges(Changes.APPLY);
      Dataset<Row> rows =
          read(input("in", 0, 50, 1)).selectExpr("id", "text", "if(id = 3, 'torn', null) AS bad");
      run.run(rows);
      for (int again = 0; again < 2; again++) {
        RunResult result = run.run(rows);
        assertThat(result.rows()).isEqualTo(49);
        assertThat(result.skipped()).isEqualTo(1);
        assertThat(parts()).hasSizeLessThanOrEqualTo(2);
      }
    }

    @Test
    void areEmbeddedAfterAnUnfinishedRunIsFinished() throws IOException {
      breakOff(sliced(), byId());
      Dataset<Row> grown = read(input("in", ROWS, ROWS + 50, 1));
      RunResult first = byId().run(grown);
      assertThat(first.rows()).isEqualTo(ROWS);
      assertThat(first.changes().later()).isTrue();
      RunResult second = byId().run(grown);
      assertThat(second.embedded()).isEqualTo(50);
      assertSame(read(output), stage().transform(grown));
    }
  }

  @Test
  void whatARunCannotHonourIsRefusedByName() {
    Dataset<Row> rows = read(input("in", 0, 10, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> EmbeddingRun.of(stage().setDeduplicate(true), output.toString()).run(rows))
        .withMessageContaining("deduplicate");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                run(output)
                    .run(session.readStream().format("rate").load().selectExpr("'x' AS text")))
        .withMessageContaining("stream");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                run(output)
                    .run(
                        rows.selectExpr(
                            "text",
                            "interval 1 day + interval 1 hour AS i",
                            "make_interval(1) AS j")))
        .withMessageContaining("column 'j'");
    assertThat(output).doesNotExist();
  }
}
