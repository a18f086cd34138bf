package io.instructorspark.job.neighbors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.instructorspark.job.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code instructor neighbors} from the command line to what it writes and prints. */
class NeighborsCommandIT {
  private static final String[] TEXTS = {
    "A warm coat for cold winters",
    "This jacket keeps me warm in the snow",
    "The pasta was overcooked and the sauce too salty",
    "We waited an hour for a cold pizza",
    "The train to the coast leaves at nine",
    "Trains along the shore were late again",
  };

  @TempDir Path folder;

  private Path file(String name, String... lines) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
  }

  private CommandRun neighbors(String... more) {
    List<String> arguments = new ArrayList<>(List.of("neighbors"));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  private List<Row> rows(Path output) throws IOException {
    try (SparkSession session = CommandRun.look()) {
      return session.read().parquet(output.toString()).collectAsList();
    }
  }

  private static List<Object> ids(Row row) {
    return row.<Row>getList(row.fieldIndex("neighbors")).stream()
        .map(neighbor -> neighbor.get(0))
        .toList();
  }

  @Test
  void ofACorpusItselfAreOtherRowsByTheirNumbers() throws IOException {
    Path corpus = file("texts.txt", TEXTS);
    Path output = folder.resolve("out");
    Path record = folder.resolve("record.json");
    CommandRun run =
        neighbors(
            "--corpus", corpus.toString(),
            "--instruction", "Represent the sentence: ",
            "--k", "2",
            "--output", output.toString(),
            "--run-record", record.toString());
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("12 neighbors of 6 rows among 6, by cosine, in " + output);
    List<Row> rows = rows(output);
    assertThat(rows).hasSize(6);
    assertThat(rows.get(0).schema().fieldNames())
        .containsExactly("text", "row", "neighbors", "error");
    for (Row row : rows) {
      long number = row.getAs("row");
      assertThat(row.<String>getAs("text")).isEqualTo(TEXTS[(int) number]);
      assertThat(ids(row)).hasSize(2).doesNotContain(number);
      assertThat(row.<String>getAs("error")).isNull();
    }
    assertThat(ids(rows.get(0)).get(0)).isEqualTo(1L);
    JsonNode said = new ObjectMapper().readTree(record.toFile());
    assertThat(said.at("/counts/neighbors").asLong()).isEqualTo(12);
    assertThat(said.at("/search/algorithm").asText()).isEqualTo("exact");
    CommandRun again = neighbors("--corpus", corpus.toString(), "--output", output.toString());
    assertThat(again.status()).isEqualTo(1);
    assertThat(again.err()).contains("exists already");
  }

  @Test
  void ofOtherRowsKeepTheirColumnsAndFlagWhatIsDamaged() throws IOException {
    Path corpus = file("corpus.csv", "name,text", "coat," + TEXTS[0], "pasta," + TEXTS[2]);
    Path queries =
        file(
            "queries.jsonl",
            "{\"number\": 1, \"text\": \"" + TEXTS[1] + "\"}",
            "{\"number\": 2, \"text\": null}",
            "{\"number\": 3, \"text\": \"torn");
    Path output = folder.resolve("out");
    CommandRun run =
        neighbors(
            "--corpus", corpus.toString(),
            "--queries", queries.toString(),
            "--id-column", "name",
            "--instruction", "Represent the product: ",
            "--query-instruction", "Represent the question about a product: ",
            "--k", "1",
            "--output", output.toString());
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("1 neighbors of 1 rows among 2")
        .contains("2 rows have null neighbors")
        .contains("1 of them because of an error");
    List<Row> rows = rows(output);
    assertThat(rows).hasSize(3);
    assertThat(ids(rows.get(0))).containsExactly("coat");
    assertThat(rows.get(1).isNullAt(rows.get(1).fieldIndex("neighbors"))).isTrue();
    assertThat(rows.get(2).<String>getAs("error")).isNotBlank();
  }

  @Test
  void ofOneTextArePrinted() throws IOException {
    Path corpus = file("texts.txt", TEXTS);
    CommandRun run =
        neighbors(
            "--corpus",
            corpus.toString(),
            "--query",
            "A coat that keeps me warm in winter",
            "--instruction",
            "Represent the sentence: ",
            "--center",
            "--k",
            "3",
            "--quiet");
    assertThat(run.status()).as(run.err()).isZero();
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(5);
    assertThat(lines.get(0))
        .isEqualTo("6 rows searched, by cosine after the corpus' mean was taken off");
    assertThat(lines.get(1)).matches("similarity +row +text");
    assertThat(lines.get(2)).matches(" +0\\.\\d{4} +[01] +.*(coat|jacket).*");
  }

  @Test
  void ofReadyVectorsAreThoseOfTheirModel() throws IOException {
    Path corpus = file("texts.txt", TEXTS);
    Path vectors = folder.resolve("vectors");
    assertThat(
            CommandRun.of(
                    "embed",
                    "--input",
                    corpus.toString(),
                    "--instruction",
                    "Represent: ",
                    "--output",
                    vectors.toString())
                .status())
        .isZero();
    Path output = folder.resolve("out");
    CommandRun run =
        neighbors(
            "--corpus", vectors.toString(),
            "--embedding-column", "embedding",
            "--id-column", "text",
            "--min-similarity", "0.99",
            "--output", output.toString());
    assertThat(run.status()).as(run.err()).isZero();
    List<Row> rows = rows(output);
    assertThat(rows).hasSize(6);
    assertThat(rows.get(0).schema().fieldNames())
        .containsExactly("text", "embedding", "token_count", "truncated", "neighbors", "error");
    assertThat(rows).allSatisfy(row -> assertThat(ids(row)).isEmpty());
    CommandRun other =
        neighbors(
            "--corpus", vectors.toString(),
            "--embedding-column", "embedding",
            "--query", "Any text",
            "--compat", "st");
    assertThat(other.status()).isEqualTo(1);
    assertThat(other.err()).contains("compatibility is");
  }

  @Test
  void groupNearDuplicates() throws IOException {
    Path corpus =
        file(
            "texts.csv",
            "id,text",
            "7,the same words",
            "3,the same words",
            "5,quite another matter",
            "4,the same words",
            "9,");
    Path output = folder.resolve("out");
    CommandRun run =
        neighbors(
            "--corpus",
            corpus.toString(),
            "--id-column",
            "id",
            "--groups",
            "--min-similarity",
            "0.999",
            "--output",
            output.toString());
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("5 rows in 3 groups");
    assertThat(rows(output))
        .extracting(row -> row.getAs("id") + " " + row.getAs("group"))
        .containsExactlyInAnyOrder("7 3", "3 3", "5 5", "4 3", "9 9");
  }

  @Test
  void wrongUsageSaysWhatIsWrong() throws IOException {
    String corpus = file("texts.txt", TEXTS).toString();
    assertThat(neighbors("--corpus", corpus).err()).contains("where do the neighbors go?");
    assertThat(neighbors("--corpus", corpus, "--query", "x", "--output", "y").status())
        .isEqualTo(2);
    assertThat(neighbors("--corpus", corpus, "--output", "y", "--k", "0").err())
        .contains("--k must be at least 1");
    assertThat(neighbors("--corpus", corpus, "--output", "y", "--min-similarity", "2").err())
        .contains("from -1 to 1");
    assertThat(neighbors("--corpus", corpus, "--output", "y", "--groups").err())
        .contains("--groups needs --min-similarity");
    CommandRun resumed =
        neighbors(
            "--corpus",
            corpus,
            "--output",
            folder.resolve("o").toString(),
            "--if-exists",
            "resume");
    assertThat(resumed.status()).isEqualTo(1);
    assertThat(resumed.err()).contains("does not resume");
  }

  private Path embedded(String name, String... more) throws IOException {
    Path texts = file(name + ".txt", TEXTS);
    Path output = folder.resolve("vectors-" + name);
    List<String> arguments = new ArrayList<>(List.of("embed", "--input", texts.toString()));
    arguments.addAll(List.of("--output", output.toString()));
    arguments.addAll(List.of(more));
    CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
    assertThat(run.status()).as(run.err()).isZero();
    return output;
  }

  private CommandRun ofAllVectors() {
    return neighbors(
        "--corpus",
        folder.resolve("vectors-*").toString(),
        "--embedding-column",
        "embedding",
        "--k",
        "1",
        "--output",
        folder.resolve("out").toString());
  }

  @Test
  void ofFilesThatDifferentModesMadeAreRefused() throws IOException {
    embedded("one", "--instruction", "Represent the sentence: ");
    embedded("other", "--instruction", "Represent the sentence: ", "--max-length", "100");
    CommandRun run = ofAllVectors();
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .contains("vectors-one/part-")
        .contains("vectors-other/part-")
        .contains("cannot be compared: maxLength is 512 on one side and 100 on the other");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void ofFilesThatDifferInTheInstructionAloneSayNone() throws IOException {
    embedded("one", "--instruction", "Represent the sentence: ");
    embedded("other", "--instruction", "Represent the question: ");
    CommandRun run = ofAllVectors();
    assertThat(run.status()).as(run.err()).isZero();
    try (SparkSession session = CommandRun.look()) {
      Row[] rows = (Row[]) session.read().parquet(folder.resolve("out").toString()).collect();
      assertThat(rows).hasSize(12);
      assertThat(rows[0].schema().apply("embedding").metadata().json())
          .contains("fingerprint")
          .doesNotContain("Represent the sentence");
    }
  }
}
