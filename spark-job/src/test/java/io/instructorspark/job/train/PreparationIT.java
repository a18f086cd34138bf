package io.instructorspark.job.train;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.instructorspark.engine.training.Example;
import io.instructorspark.engine.training.Negatives;
import io.instructorspark.job.CommandRun;
import io.instructorspark.job.rows.Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of training data become tasks. */
class PreparationIT {
  private static SparkSession spark;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    spark = CommandRun.look();
    spark.sparkContext().setLogLevel("OFF");
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static String medi(String task, int number) {
    return "{\"task\":\"%s\",\"query\":[\"Find: \",\"query %d\"],\"pos\":[\"Doc: \",\"doc %d\"],\"neg\":%s}"
        .formatted(
            task,
            number,
            number,
            number % 2 == 0 ? "null" : "[\"Doc: \",\"other doc %d\"]".formatted(number));
  }

  private static List<String> records(String task, int count) {
    return IntStream.range(0, count).mapToObj(i -> medi(task, i)).toList();
  }

  private Path write(String name, List<String> lines) throws IOException {
    return write(name, String.join("\n", lines) + "\n");
  }

  private Path write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    if (!name.endsWith(".gz")) {
      return Files.writeString(file, content);
    }
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  private Prepared prepare(String recipe) throws IOException {
    return prepare(recipe, OnBadRecord.ERROR);
  }

  private Prepared prepare(String recipe, OnBadRecord onBad) throws IOException {
    return prepare(recipe, onBad, "prepared");
  }

  private Prepared prepare(String recipe, OnBadRecord onBad, String to) throws IOException {
    Path file = write("recipe.yaml", recipe + "\ntraining: {steps: 10, seed: 5}\n");
    DataPlaces places =
        new DataPlaces(Storage.of(spark), List.of(folder.toString()), folder.toString());
    return Preparation.run(spark, Recipe.read(file), places, folder.resolve(to).toString(), onBad);
  }

  private List<String> lines(PreparedTask task) throws IOException {
    return Files.readAllLines(folder.resolve("prepared").resolve(task.file()));
  }

  private List<Example> examples(Prepared prepared, int task) {
    String location = folder.resolve("prepared").toString();
    try (PreparedData data =
        PreparedData.open(Storage.of(spark), location, prepared, folder.resolve("local"))) {
      ExampleFile file = data.task(task);
      return IntStream.range(0, file.size()).mapToObj(file::record).toList();
    }
  }

  private Map<String, String> taskFiles(String place) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (var found = Files.list(folder.resolve(place))) {
      for (Path file : found.filter(f -> f.toString().endsWith(".jsonl")).toList()) {
        files.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return files;
  }

  @Nested
  class Records {
    @Test
    void becomeTheTasksThatTheyName() throws IOException {
      write("a.jsonl.gz", records("roads", 30));
      write("b.json", "[" + String.join(",\n", records("rivers", 20)) + "]");
      write("c.jsonl", records("roads", 40).subList(30, 40));
      Prepared prepared = prepare("data: [{files: ['*.json*'], weight: 2, from: 0}]");
      assertThat(prepared.tasks())
          .extracting(PreparedTask::name)
          .containsExactly("rivers", "roads");
      assertThat(prepared.tasks()).extracting(PreparedTask::records).containsExactly(20, 40);
      assertThat(prepared.tasks()).extracting(PreparedTask::negatives).containsExactly(10, 20);
      assertThat(prepared.tasks()).extracting(PreparedTask::weight).containsOnly(2.0);
      assertThat(prepared.tasks().get(1).files())
          .containsExactly(
              folder.resolve("a.jsonl.gz").toString(), folder.resolve("c.jsonl").toString());
      assertThat(prepared.dropped().total()).isZero();
      assertThat(examples(prepared, 1))
          .contains(
              new Example(
                  new Example.Side("Find: ", "query 7"),
                  new Example.Side("Doc: ", "doc 7"),
                  new Example.Side("Doc: ", "other doc 7"),
                  null));
      assertThat(lines(prepared.tasks().get(1)))
          .isNotEqualTo(lines(prepared.tasks().get(1)).stream().sorted().toList());
    }

    @Test
    void areTheSameOnAnyPartitioning() throws IOException {
      List<String> all = new ArrayList<>(records("roads", 120));
      all.addAll(records("rivers", 50));
      all.add(medi("roads", 3));
      write("one/all.jsonl", all);
      for (int part = 0; part < 7; part++) {
        int of = part;
        write(
            "many/part-%d.jsonl".formatted(part),
            IntStream.range(0, all.size()).filter(i -> i % 7 == of).mapToObj(all::get).toList());
      }
      prepare("data: [{files: [one/all.jsonl], limit: 100}]", OnBadRecord.ERROR, "first");
      spark.conf().set("spark.sql.shuffle.partitions", "3");
      try {
        prepare("data: [{files: [many], limit: 100}]", OnBadRecord.ERROR, "second");
      } finally {
        spark.conf().unset("spark.sql.shuffle.partitions");
      }
      assertThat(taskFiles("first")).hasSize(2).isEqualTo(taskFiles("second"));
    }

    @Test
    void haveTheNameOfTheirFileIfTheyNameNone() throws IOException {
      write(
          "notes.v2.jsonl",
          List.of(
              "{\"query\":[null,\"a b\"],\"pos\":[\"\",\"c\"]}",
              "{\"task_id\":12,\"query\":[\"\",\"d\"],\"pos\":[\"\",\"e\"],\"label\":3}"));
      Prepared prepared = prepare("data: [{files: [notes.v2.jsonl], instruction: 'Find: '}]");
      assertThat(prepared.tasks()).extracting(PreparedTask::name).containsExactly("12", "notes");
      assertThat(lines(prepared.tasks().get(0)))
          .containsExactly(
              "{\"query\":[\"Find: \",\"d\"],\"pos\":[\"Find: \",\"e\"],\"neg\":null,\"label\":\"3\"}");
    }

    @Test
    void areKeptOnceAndUpToTheLimit() throws IOException {
      List<String> twice = new ArrayList<>(records("roads", 30));
      twice.addAll(records("roads", 10));
      write("a.jsonl", twice);
      Prepared prepared = prepare("data: [{files: [a.jsonl], limit: 25}]");
      assertThat(prepared.records()).isEqualTo(25);
      assertThat(prepared.dropped()).isEqualTo(new Dropped(10, 0, 0, 0, 0, 0, 5, 0));
    }

    @Test
    void withoutANegativeAreOfNoUseWhereItIsAllThatCounts() throws IOException {
      write("a.jsonl", records("roads", 30));
      Prepared prepared = prepare("data: [{files: [a.jsonl], negatives: own}]");
      assertThat(prepared.tasks().get(0).records()).isEqualTo(15);
      assertThat(prepared.tasks().get(0).against()).isEqualTo(Negatives.OWN);
      assertThat(prepared.dropped().withoutNegative()).isEqualTo(15);
    }

    @Test
    void withATextOfAnEvaluationAreDropped() throws IOException {
      write(
          "a.jsonl",
          List.of(
              "{\"query\":[\"\",\"Where do swifts nest?\"],\"pos\":[\"\",\"under roofs\"]}",
              "{\"query\":[\"\",\"one\"],\"pos\":[\"\",\"THE — barn, by the river\"]}",
              "{\"query\":[\"\",\"two\"],\"pos\":[\"\",\"three\"],\"neg\":[\"\",\"a  long cold winter!\"]}",
              "{\"query\":[\"\",\"of course\"],\"pos\":[\"\",\"it is a long cold winter\"]}"));
      write(
          "eval/nested.jsonl.gz",
          List.of("{\"id\":\"1\",\"refs\":[\"where do swifts nest\",\"of course\"]}"));
      write(
          "eval/table.csv", "text,label\n\"The barn by the river\",1\n\"A long, cold winter\",0\n");
      write(
          "held.jsonl",
          List.of("{\"query\":[\"\",\"where do swifts nest\"],\"pos\":[\"\",\"x\"]}"));
      Prepared prepared =
          prepare(
              "data: [{files: [a.jsonl]}]\nexclude: ['eval/*']\nevaluation: {files: [held.jsonl]}");
      assertThat(prepared.dropped().overlap()).isEqualTo(3);
      assertThat(examples(prepared, 0))
          .extracting(e -> e.query().text())
          .containsExactly("of course");
      assertThat(prepared.evaluation())
          .extracting(PreparedTask::file)
          .containsExactly("evaluation-0000.jsonl");
    }

    @Test
    void ofTablesArePairs() throws IOException {
      write(
          "pairs.csv",
          "text_a,text_b,negative\n\"oats, rolled\",porridge,gravel\nsand,beach,\n,,\n \u00a0,x,\n");
      spark
          .createDataFrame(
              List.of(RowFactory.create("rain", "cloud", 7), RowFactory.create("snow", "ice", 8)),
              new StructType()
                  .add("text_a", DataTypes.StringType)
                  .add("text_b", DataTypes.StringType)
                  .add("task", DataTypes.IntegerType))
          .write()
          .parquet(folder.resolve("weather").toString());
      Files.move(folder.resolve("weather"), folder.resolve("weather.parquet"));
      assertThatThrownBy(() -> prepare("data: [{files: [pairs.csv]}]"))
          .isInstanceOf(PreparationException.class)
          .hasMessageContainingAll("pairs.csv", "row 3", "text_a");
      Prepared prepared =
          prepare(
              "data: [{files: [pairs.csv], instruction: 'A: ', positiveInstruction: 'B: '}, {files: [weather.parquet]}]",
              OnBadRecord.SKIP);
      assertThat(prepared.tasks())
          .extracting(PreparedTask::name)
          .containsExactly("pairs", "7", "8");
      assertThat(prepared.dropped().bad()).isEqualTo(1);
      assertThat(prepared.dropped().emptyText()).isEqualTo(1);
      assertThat(lines(prepared.tasks().get(0)))
          .containsExactlyInAnyOrder(
              "{\"query\":[\"A: \",\"oats, rolled\"],\"pos\":[\"B: \",\"porridge\"],\"neg\":[\"A: \",\"gravel\"],\"label\":null}",
              "{\"query\":[\"A: \",\"sand\"],\"pos\":[\"B: \",\"beach\"],\"neg\":null,\"label\":null}");
    }
  }

  @Nested
  class BadRecords {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "{\"query\":[\"a\",\"b\"]} | it has no pos",
          "{\"query\":[\"a\",\"b\"],\"pos\":null} | it has no pos",
          "{\"query\":[\"a\",\"b\"],\"pos\":[\"c\"]} | its pos is [\"c\"]",
          "{\"query\":[\"a\",\"b\",\"c\"],\"pos\":[\"c\",\"d\"]} | its query is",
          "{\"query\":\"b\",\"pos\":[\"c\",\"d\"]} | its query is \"b\"",
          "{\"query\":[\"a\",null],\"pos\":[\"c\",\"d\"]} | the text of its query is null",
          "{\"query\":[\"a\",\"b\"],\"pos\":[\"c\",4]} | the text of its pos is 4",
          "{\"query\":[\"a\",\"b\"],\"pos\":[\"c\",\"d\"],\"neg\":[\"e\"]} | its neg is",
          "{\"query\":[\"a\",\"b\"],\"pos\":[\"c\",\"d\"],\"task\":{}} | its task is {}",
          "{\"text_a\":\"a\"} | its text_b is null",
          "{\"text\":\"a\"} | its fields are text",
          "{\"text\":null,\"label\":1} | its text is null",
          "{\"text\":\"a\",\"label\":null} | its label is null",
          "[1] | it is a list",
          "{} | its fields are none",
          "{\"query\":[\"a\" | it is no JSON",
        })
    void endThePreparationBeforeTheWork(String line, String problem) throws IOException {
      write("a.jsonl", List.of(medi("roads", 1), line, medi("roads", 2)));
      assertThatThrownBy(() -> prepare("data: [{files: [a.jsonl]}]"))
          .isInstanceOf(PreparationException.class)
          .hasMessageContainingAll("a.jsonl, line 2: " + problem, "--on-bad-record skip");
      assertThat(folder.resolve("prepared")).doesNotExist();
      Prepared prepared = prepare("data: [{files: [a.jsonl]}]", OnBadRecord.SKIP);
      assertThat(prepared.records()).isEqualTo(2);
      assertThat(prepared.dropped().bad() + prepared.dropped().withoutPositive()).isEqualTo(1);
    }

    @Test
    void ofAnotherFormatThanTheRecipeSaysAreBad() throws IOException {
      write("a.jsonl", records("roads", 3));
      assertThatThrownBy(() -> prepare("data: [{files: [a.jsonl], format: pairs}]"))
          .hasMessageContainingAll("a.jsonl, line 1", "medi", "pairs");
      write("b.csv", "text_a,text_b\nx,y\n");
      assertThatThrownBy(() -> prepare("data: [{files: [b.csv], format: labels}]"))
          .hasMessageContainingAll("b.csv", "labels");
      write("c.csv", "left,right\nx,y\n");
      assertThatThrownBy(() -> prepare("data: [{files: [c.csv]}]"))
          .hasMessageContainingAll("c.csv", "left, right", "text_a and text_b");
    }

    @Test
    void withoutWordsAreLeftOutAndCounted() throws IOException {
      write(
          "a.jsonl",
          List.of(
              medi("roads", 1),
              "{\"task\":\"roads\",\"query\":[\"a\",\" \"],\"pos\":[\"c\",\"d\"]}"));
      Prepared prepared = prepare("data: [{files: [a.jsonl]}]");
      assertThat(prepared.dropped().emptyText()).isEqualTo(1);
      assertThat(prepared.records()).isEqualTo(1);
    }

    @Test
    void thatAreAllThereIsAreAnError() throws IOException {
      write("a.jsonl", List.of("{}"));
      assertThatThrownBy(() -> prepare("data: [{files: [a.jsonl]}]", OnBadRecord.SKIP))
          .isInstanceOf(PreparationException.class)
          .hasMessageContaining("no record");
    }
  }

  @Nested
  class LabelledTexts {
    private List<String> labelled(String label, int count) {
      return IntStream.range(0, count)
          .mapToObj(i -> "{\"text\":\"%s text %d\",\"label\":\"%s\"}".formatted(label, i, label))
          .toList();
    }

    @Test
    void becomePairsWithinALabel() throws IOException {
      List<String> all = new ArrayList<>(labelled("joy", 40));
      all.addAll(labelled("grief", 25));
      all.addAll(labelled("awe", 2));
      all.addAll(labelled("envy", 1));
      all.addAll(labelled("joy", 3));
      write("moods.jsonl", all);
      Prepared prepared =
          prepare("data: [{files: [moods.jsonl], instruction: 'Mood: ', negatives: own}]");
      assertThat(prepared.dropped()).isEqualTo(new Dropped(3, 0, 0, 0, 1, 0, 0, 0));
      List<Example> examples = examples(prepared, 0);
      assertThat(examples).hasSize(67);
      assertThat(examples).extracting(e -> e.query().text()).doesNotHaveDuplicates();
      assertThat(examples).extracting(e -> e.positive().text()).doesNotHaveDuplicates();
      assertThat(examples)
          .allSatisfy(
              e -> {
                String label = e.label();
                assertThat(e.query().instruction()).isEqualTo("Mood: ");
                assertThat(e.query().text()).startsWith(label + " ");
                assertThat(e.positive().text())
                    .startsWith(label + " ")
                    .isNotEqualTo(e.query().text());
                assertThat(e.negative().text())
                    .doesNotStartWith(label + " ")
                    .doesNotStartWith("envy");
              });
      Map<String, Long> negatives =
          examples.stream()
              .map(e -> e.negative().text())
              .collect(groupingBy(text -> text, Collectors.counting()));
      assertThat(negatives).hasSizeGreaterThan(30);
    }

    @Test
    void areTheSamePairsOnAnyPartitioning() throws IOException {
      List<String> all = new ArrayList<>(labelled("joy", 40));
      all.addAll(labelled("grief", 25));
      write("one/moods.jsonl", all);
      write("two/moods/a.jsonl", all.subList(20, 65));
      write("two/moods/b.jsonl", all.subList(0, 20));
      prepare("data: [{files: [one/moods.jsonl]}]", OnBadRecord.ERROR, "first");
      spark.conf().set("spark.sql.shuffle.partitions", "5");
      try {
        prepare("data: [{files: [two/moods]}]", OnBadRecord.ERROR, "second");
      } finally {
        spark.conf().unset("spark.sql.shuffle.partitions");
      }
      assertThat(taskFiles("first")).hasSize(1).isEqualTo(taskFiles("second"));
    }

    @Test
    void loseTextsOfEvaluationsFirst() throws IOException {
      List<String> all = new ArrayList<>(labelled("joy", 4));
      all.addAll(labelled("grief", 4));
      write("moods.jsonl", all);
      write("eval.txt", "JOY: text 1\n");
      Prepared prepared = prepare("data: [{files: [moods.jsonl]}]\nexclude: [eval.txt]");
      assertThat(prepared.dropped().overlap()).isEqualTo(1);
      assertThat(lines(prepared.tasks().get(0)))
          .hasSize(7)
          .noneMatch(line -> line.contains("joy text 1"));
    }

    @Test
    void ofOneClassAreAnError() throws IOException {
      write("moods.jsonl", labelled("joy", 5));
      assertThatThrownBy(() -> prepare("data: [{files: [moods.jsonl]}]"))
          .isInstanceOf(PreparationException.class)
          .hasMessageContainingAll("moods", "joy", "two labels");
      assertThat(folder.resolve("prepared")).doesNotExist();
      write("ids.csv", "text,label\na,1\nb,2\nc,3\n");
      assertThatThrownBy(() -> prepare("data: [{files: [ids.csv]}]"))
          .hasMessageContaining("a label of its own");
    }
  }

  @Nested
  class DataFiles {
    @Test
    void withoutARecordAreAnError() throws IOException {
      write("a.jsonl", records("roads", 3));
      write("b.jsonl", "\n");
      assertThatThrownBy(() -> prepare("data: [{files: ['*.jsonl']}]"))
          .isInstanceOf(PreparationException.class)
          .hasMessageContainingAll("b.jsonl", "no records");
    }

    @Test
    void thatAreNotThereAreAnErrorWithTheKey() {
      assertThatThrownBy(() -> prepare("data: [{files: [none*.jsonl]}]"))
          .isInstanceOf(PreparationException.class)
          .hasMessageContainingAll("data[0].files", "none*.jsonl");
    }

    @Test
    void areAllOfTheDataWhereTheRecipeNamesNone() throws IOException {
      write("data/a.jsonl", List.of("{\"text_a\":\"a\",\"text_b\":\"b\"}"));
      write("data/sub/b.jsonl", List.of("{\"text_a\":\"c\",\"text_b\":\"d\"}"));
      spark
          .createDataFrame(
              List.of(RowFactory.create("rain", "cloud")),
              new StructType()
                  .add("text_a", DataTypes.StringType)
                  .add("text_b", DataTypes.StringType))
          .write()
          .json(folder.resolve("written").toString());
      Path recipe = write("recipe.yaml", "data: [{weight: 1}]\ntraining: {steps: 1}\n");
      DataPlaces places =
          new DataPlaces(
              Storage.of(spark),
              List.of(folder.resolve("data").toString(), folder.resolve("written").toString()),
              folder.toString());
      String to = folder.resolve("prepared").toString();
      assertThat(Preparation.run(spark, Recipe.read(recipe), places, to, OnBadRecord.ERROR).tasks())
          .extracting(PreparedTask::name)
          .containsExactly("a", "sub", "written");
      write("data/notes.md", "# mine\n");
      assertThatThrownBy(
              () -> Preparation.run(spark, Recipe.read(recipe), places, to, OnBadRecord.ERROR))
          .isInstanceOf(PreparationException.class)
          .hasMessageContainingAll("notes.md", "format");
      DataPlaces nowhere = new DataPlaces(Storage.of(spark), List.of("none/here"), ".");
      assertThatThrownBy(
              () -> Preparation.run(spark, Recipe.read(recipe), nowhere, to, OnBadRecord.ERROR))
          .isInstanceOf(PreparationException.class)
          .hasMessageContaining("--data none/here");
    }

    @Test
    void thatBreakOffAreAnError() throws IOException {
      write("a.json", "[" + medi("roads", 1) + "," + medi("roads", 2));
      assertThatThrownBy(() -> prepare("data: [{files: [a.json]}]", OnBadRecord.SKIP))
          .hasStackTraceContaining("a.json cannot be read to its end");
      Path zipped = write("b.jsonl.gz", records("roads", 2_000));
      Files.write(zipped, java.util.Arrays.copyOf(Files.readAllBytes(zipped), 2_000));
      assertThatThrownBy(() -> prepare("data: [{files: [b.jsonl.gz]}]", OnBadRecord.SKIP))
          .hasStackTraceContaining("b.jsonl.gz cannot be read to its end");
    }
  }

  @Nested
  class AFolder {
    @Test
    void isUsedAgainForTheSameRecipeAndFiles() throws IOException {
      Path file = write("a.jsonl", records("roads", 30));
      Prepared first = prepare("data: [{files: [a.jsonl]}]");
      Path manifest = folder.resolve("prepared/preparation.json");
      Files.setLastModifiedTime(manifest, java.nio.file.attribute.FileTime.fromMillis(1_000));
      assertThat(prepare("data: [{files: [a.jsonl]}]")).isEqualTo(first);
      assertThat(Files.getLastModifiedTime(manifest).toMillis()).isEqualTo(1_000);
      Files.writeString(file, medi("roads", 99) + "\n", java.nio.file.StandardOpenOption.APPEND);
      assertThat(prepare("data: [{files: [a.jsonl]}]").records()).isEqualTo(31);
      assertThat(prepare("data: [{files: [a.jsonl], limit: 7}]").records()).isEqualTo(7);
    }

    @Test
    void isMadeAgainWhereItWasBrokenOff() throws IOException {
      write("a.jsonl", records("roads", 30));
      Prepared first = prepare("data: [{files: [a.jsonl]}]");
      Map<String, String> files = taskFiles("prepared");
      Files.writeString(folder.resolve("prepared/task-0000.jsonl"), "{}");
      assertThat(prepare("data: [{files: [a.jsonl]}]")).isEqualTo(first);
      Files.writeString(folder.resolve("prepared/preparation.json"), "{\"format\":1,");
      Files.createDirectories(folder.resolve("prepared/_writing"));
      Files.writeString(folder.resolve("prepared/task-0007.jsonl"), "left");
      assertThat(prepare("data: [{files: [a.jsonl]}]")).isEqualTo(first);
      assertThat(taskFiles("prepared")).isEqualTo(files);
      assertThat(folder.resolve("prepared/_writing")).doesNotExist();
    }

    @Test
    void ofSomethingElseIsLeftAlone() throws IOException {
      write("a.jsonl", records("roads", 3));
      write("prepared/notes.txt", "mine\n");
      assertThatThrownBy(() -> prepare("data: [{files: [a.jsonl]}]"))
          .isInstanceOf(PreparationException.class)
          .hasMessageContainingAll("prepared", "notes.txt");
      assertThat(folder.resolve("prepared/notes.txt")).hasContent("mine");
    }
  }
}
