package io.instructorspark.job.embed;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.instructorspark.job.CommandRun;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code instructor embed} from the command line to the files it writes. */
class EmbedCommandIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path FIXTURES =
      Path.of("../udfs/src/test/resources/fixtures").toAbsolutePath().normalize();

  @TempDir Path folder;
  private Path output;

  @BeforeEach
  void placeOutput() {
    output = folder.resolve("out");
  }

  private Path file(String name, String... lines) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
  }

  private CommandRun embed(Path input, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("embed", "--input", input.toString(), "--output", output.toString()));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  /** The rows of the output in the order of its part files. */
  private List<Row> rows() throws IOException {
    try (SparkSession session = CommandRun.look()) {
      List<Row> rows = new ArrayList<>();
      for (String part : parts()) {
        rows.addAll(session.read().parquet(part).collectAsList());
      }
      return rows;
    }
  }

  private List<String> parts() throws IOException {
    try (Stream<Path> files = Files.list(output)) {
      return files.map(Path::toString).filter(name -> name.endsWith(".parquet")).sorted().toList();
    }
  }

  private static float[] vector(Row row) {
    List<Float> boxed = row.getList(row.fieldIndex("embedding"));
    float[] vector = new float[boxed.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = boxed.get(i);
    }
    return vector;
  }

  private static double norm(float[] vector) {
    return Math.sqrt(
        IntStream.range(0, vector.length).mapToDouble(i -> (double) vector[i] * vector[i]).sum());
  }

  @Nested
  class Vectors {
    @ParameterizedTest
    @CsvSource({"tiny-base, v1_0_1", "tiny-xl, st", "tiny-fp16, head", "tiny-sharded, v1_0_1"})
    void equalTheReferences(String checkpoint, String mode) throws IOException {
      List<JsonNode> goldens = goldens(checkpoint, mode);
      Path input = folder.resolve("cases.jsonl");
      try (Stream<String> lines = goldens.stream().map(EmbedCommandIT::row)) {
        Files.write(input, (Iterable<String>) lines::iterator);
      }
      CommandRun run =
          embed(
              input,
              "--instruction-column",
              "instruction",
              "--model",
              FIXTURES.resolve(checkpoint).toString(),
              "--compat",
              mode);
      assertThat(run.status()).as(run.err()).isZero();
      List<Row> rows = rows();
      assertThat(rows).hasSameSizeAs(goldens);
      for (int i = 0; i < goldens.size(); i++) {
        JsonNode golden = goldens.get(i);
        Row row = rows.get(i);
        String name = golden.get("case").asText();
        assertThat(row.<String>getAs("case")).isEqualTo(name);
        assertThat(row.<Integer>getAs("token_count")).as(name).isEqualTo(golden.get("ids").size());
        float[] vector = vector(row);
        assertThat(norm(vector)).as(name).isCloseTo(1, within(1e-5));
        for (int d = 0; d < vector.length; d++) {
          assertThat((double) vector[d])
              .as(name)
              .isCloseTo(golden.get("vector").get(d).asDouble(), within(1e-5));
        }
      }
    }

    private List<JsonNode> goldens(String checkpoint, String mode) throws IOException {
      List<JsonNode> goldens = new ArrayList<>();
      for (String line : Files.readAllLines(FIXTURES.resolve(checkpoint).resolve("golden.jsonl"))) {
        JsonNode golden = JSON.readTree(line);
        if (golden.get("mode").asText().equalsIgnoreCase(mode)
            && golden.get("max_length").asInt() == 512) {
          goldens.add(golden);
        }
      }
      return goldens;
    }

    @Test
    void carryModelModeAndInstruction() throws IOException {
      Path input = file("a.csv", "id,text", "1,A quiet kettle");
      assertThat(embed(input, "--instruction", "Represent the review: ").status()).isZero();
      JsonNode described = JSON.readTree(output.resolve("_instructor.json").toFile());
      assertThat(described.get("instruction").asText()).isEqualTo("Represent the review: ");
      assertThat(described.get("fingerprint").asText()).hasSize(64);
      assertThat(described.get("dimension").asInt()).isEqualTo(256);
      try (SparkSession session = CommandRun.look()) {
        String inParquet =
            session.read().parquet(output.toString()).schema().apply("embedding").metadata().json();
        assertThat(JSON.readTree(inParquet).get("instructor")).isEqualTo(described);
      }
    }

    @Test
    void ofANamedInstructionAreThoseOfItsText() throws IOException {
      Path input = file("a.txt", "A quiet kettle");
      assertThat(embed(input, "--instruction", "@retrieval-query").status()).isZero();
      JsonNode described = JSON.readTree(output.resolve("_instructor.json").toFile());
      assertThat(described.get("instruction").asText()).startsWith("Represent the ").endsWith(": ");
    }
  }

  @Nested
  class Rows {
    private static final int ROWS = 3_000;

    @Test
    void ofAnUnsplittableFileKeepTheirOrderOverManyBlocks() throws IOException {
      Path input = folder.resolve("a.jsonl.gz");
      try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(input))) {
        for (int i = 0; i < ROWS; i++) {
          String text = "text number %d and more ".formatted(i % 37).repeat(10);
          out.write("{\"id\": %d, \"text\": \"%s\"}\n".formatted(i, text).getBytes(UTF_8));
        }
      }
      CommandRun run = embed(input, "--instruction", "");
      assertThat(run.status()).as(run.err()).isZero();
      try (SparkSession session = CommandRun.look()) {
        List<Long> ids = new ArrayList<>();
        for (String part : parts()) {
          session
              .read()
              .parquet(part)
              .select("id")
              .collectAsList()
              .forEach(row -> ids.add(row.getLong(0)));
        }
        assertThat(parts()).hasSizeGreaterThan(1);
        assertThat(ids).isEqualTo(IntStream.range(0, ROWS).mapToObj(i -> (long) i).toList());
      }
    }

    @Test
    void areFlaggedAndKeptWhereTheyAreBroken() throws IOException {
      Path input = folder.resolve("a.csv");
      Files.write(
          input,
          "id,text,product\n1,good,pan\n2,caf\u00e9 table,desk\n3,short\n4,a,b,c\n5,,lamp\n6,\"\",lamp\n"
              .getBytes(ISO_8859_1));
      CommandRun run = embed(input, "--instruction", "Represent the review: ", "--id-column", "id");
      assertThat(run.status()).as(run.err()).isZero();
      assertThat(run.out()).contains("3 rows have no vector").contains("id 3: line 4 has 2 fields");
      List<Row> rows = rows();
      assertThat(rows)
          .extracting(row -> row.<String>getAs("id"))
          .containsExactly("1", "2", "3", "4", "5", "6");
      assertThat(rows)
          .extracting(row -> row.isNullAt(row.fieldIndex("embedding")))
          .containsExactly(false, true, true, true, true, false);
      assertThat(rows.get(1).<String>getAs("error")).contains("UTF-8");
      assertThat(rows.get(4).<String>getAs("error")).as("a null text is no error").isNull();
    }

    @Test
    void areFoundByColumnsOfAnyNameAndCase() throws IOException {
      Path input =
          file(
              "a.jsonl",
              "{\"i.d`\": null, \"te.xt`s\": \"one\", \"instr\": \"Represent: \"}",
              "{not json",
              "{\"i.d`\": 3, \"te.xt`s\": \"two\", \"instr\": null}");
      CommandRun run =
          embed(
              input,
              "--text-column",
              "TE.xt`s",
              "--instruction-column",
              "Instr",
              "--id-column",
              "I.d`");
      assertThat(run.status()).as(run.err()).isZero();
      assertThat(run.out()).contains("i.d` (no id): ");
      assertThat(rows())
          .extracting(row -> row.isNullAt(row.fieldIndex("embedding")))
          .containsExactly(false, true, false);
    }

    @Test
    void withNullsInJsonLinesKeepTheirPlaces() throws IOException {
      Path input =
          file(
              "a.jsonl",
              "{\"text\": \"one\", \"task\": null}",
              "{\"text\": null, \"task\": \"x: \"}",
              "{not json",
              "{\"text\": \"two\", \"task\": \"Represent the word: \"}");
      CommandRun run = embed(input, "--instruction-column", "task", "--output-format", "jsonl");
      assertThat(run.status()).as(run.err()).isZero();
      try (SparkSession session = CommandRun.look()) {
        List<Row> rows = session.read().json(output.toString()).collectAsList();
        assertThat(rows)
            .extracting(row -> row.<String>getAs("text"))
            .containsExactly("one", null, null, "two");
        assertThat(rows)
            .extracting(row -> row.getAs("embedding") == null)
            .containsExactly(false, true, true, false);
        assertThat(rows.get(2).<String>getAs("error")).contains("not valid JSON");
      }
    }

    @Test
    void ofAMegabyteAreTruncatedChunkedOrFlagged() throws IOException {
      Path input = file("a.txt", "a long text goes on and on ".repeat(40_000), "short");
      assertThat(embed(input, "--instruction", "Represent: ").status()).isZero();
      assertThat(rows())
          .extracting(row -> row.<Boolean>getAs("truncated"))
          .containsExactly(true, false);
      assertThat(
              embed(
                      input,
                      "--instruction",
                      "Represent: ",
                      "--long-text",
                      "chunk",
                      "--if-exists",
                      "overwrite")
                  .status())
          .isZero();
      List<Row> chunked = rows();
      assertThat(chunked)
          .extracting(row -> row.<Boolean>getAs("truncated"))
          .containsExactly(false, false);
      assertThat(norm(vector(chunked.get(0)))).isCloseTo(1, within(1e-5));
      assertThat(
              embed(
                      input,
                      "--instruction",
                      "Represent: ",
                      "--long-text",
                      "error",
                      "--if-exists",
                      "overwrite")
                  .status())
          .isZero();
      assertThat(rows().get(0).<String>getAs("error")).contains("the window holds 512");
    }
  }

  @Nested
  class Mistakes {
    @Test
    void inTheUseEndWithStatusTwo() throws IOException {
      Path input = file("a.txt", "text");
      assertThat(embed(input).err()).contains("--instruction");
      assertThat(embed(input).status()).isEqualTo(2);
      assertThat(embed(input, "--instruction", "a", "--instruction-column", "b").status())
          .isEqualTo(2);
      assertThat(embed(input, "--instruction", "@retrieval-qery").err())
          .contains("retrieval-query");
      assertThat(embed(input, "--instruction", "@retrieval-qery").status()).isEqualTo(2);
      assertThat(embed(input, "--instruction", "", "--precision", "fp16").status()).isEqualTo(2);
    }

    @Test
    void inTheUseAreToldWithoutTheWholeUsage() throws IOException {
      CommandRun run = embed(file("a.txt", "text"), "--instruction", "", "--precision", "fp16");
      assertThat(run.err()).contains("precision must be one of fp32, bf16").hasLineCount(2);
      assertThat(embed(file("a.txt", "text"), "--instruction", "", "--bogus").err())
          .contains("--bogus");
    }

    @Test
    void ofARunRecordThatIsAnotherFileLeaveTheFile() throws IOException {
      Path input = file("a.txt", "text");
      CommandRun run = embed(input, "--instruction", "", "--run-record", input.toString());
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains("no run record");
      assertThat(input).hasContent("text\n");
    }

    @Test
    void ofMissingOrEmptyInputNameIt() throws IOException {
      CommandRun missing = embed(folder.resolve("nowhere.csv"), "--instruction", "");
      assertThat(missing.status()).isEqualTo(1);
      assertThat(missing.err()).contains("nowhere.csv").doesNotContain("\tat ");
      Path empty = Files.createFile(folder.resolve("empty.csv"));
      assertThat(embed(empty, "--instruction", "").err()).contains("empty.csv").contains("empty");
      assertThat(output).doesNotExist();
    }

    @Test
    void ofAMissingColumnNameThoseThereAre() throws IOException {
      CommandRun run = embed(file("a.csv", "id,review", "1,x"), "--instruction", "");
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains("'text'").contains("id, review");
    }

    @Test
    void ofAnOutputThatExistsLoseNothing() throws IOException {
      Path input = file("a.txt", "text");
      Path precious = Files.createDirectories(output).resolve("precious.txt");
      Files.writeString(precious, "do not lose");
      assertThat(embed(input, "--instruction", "").err()).contains("exists already");
      assertThat(embed(input, "--instruction", "", "--if-exists", "overwrite").err())
          .contains("not a folder that Spark wrote");
      assertThat(precious).hasContent("do not lose");
    }

    @Test
    void ofAnOutputThatHoldsTheInputLoseNothing() throws IOException {
      Path input = Files.createDirectories(output).resolve("part-a.txt");
      Files.writeString(input, "do not lose");
      Files.createFile(output.resolve("_SUCCESS"));
      Path link = Files.createSymbolicLink(folder.resolve("link"), output);
      assertThat(embed(link, "--instruction", "", "--if-exists", "overwrite").err())
          .contains("lies in the output");
      assertThat(input).hasContent("do not lose");
    }

    @Test
    void ofAnUnclosedQuoteNameTheLine() throws IOException {
      CommandRun run =
          embed(file("a.csv", "id,text", "1,ok", "2,\"never closed", "3,x"), "--instruction", "");
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains("line 3").contains("--quote none");
      assertThat(output).doesNotExist();
    }

    @Test
    void ofADeviceThatIsNotThereSayHowToGetIt() throws IOException {
      CommandRun run = embed(file("a.txt", "text"), "--instruction", "", "--device", "cuda");
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains("sees no NVIDIA GPU").contains("pytorch-native-cu");
    }

    @Test
    void ofAnInstructionThatFillsTheWindowComeBeforeTheWork() throws IOException {
      CommandRun run =
          embed(
              file("a.txt", "text"),
              "--instruction",
              "Represent the sentence: ",
              "--max-length",
              "5");
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains("fills the window of 5");
    }
  }

  @Test
  void writesARunRecordWithoutSecrets() throws IOException {
    Path record = folder.resolve("deep/record.json");
    CommandRun run =
        embed(
            file("a.txt", "one", "two"),
            "--instruction",
            "",
            "--run-record",
            record.toString(),
            "--conf",
            "spark.hadoop.fs.s3a.secret.key=hush",
            "--quiet");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).isEmpty();
    String text = Files.readString(record);
    assertThat(text).doesNotContain("hush");
    JsonNode json = JSON.readTree(text);
    assertThat(json.at("/counts/rows").asLong()).isEqualTo(2);
    assertThat(json.at("/tokens/real").asLong()).isPositive();
    assertThat(json.at("/tokens/real_by_padded").asDouble()).isBetween(0.1, 1.0);
  }

  private static String row(JsonNode golden) {
    ObjectNode row = JSON.createObjectNode();
    row.set("case", golden.get("case"));
    row.set("instruction", golden.get("instruction"));
    row.set("text", golden.get("text"));
    return row.toString();
  }
}
