package io.instructorspark.job.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.instructorspark.job.LocalSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderIT {
  private static final int ROWS = 10_000;

  @TempDir Path folder;

  @AfterEach
  void usualSplits() {
    LocalSpark.session().conf().unset("spark.sql.files.maxPartitionBytes");
    LocalSpark.session().conf().unset("spark.sql.files.openCostInBytes");
  }

  private static String lines(int rows) {
    return IntStream.range(0, rows).mapToObj("row %d"::formatted).collect(Collectors.joining("\n"));
  }

  private Path compressed(String name, String content) throws IOException {
    byte[] plain = content.getBytes(StandardCharsets.UTF_8);
    return Reading.write(folder, name, Compression.GZIP.compress(plain));
  }

  private static List<Object> expected(int rows) {
    return List.copyOf(IntStream.range(0, rows).mapToObj("row %d"::formatted).toList());
  }

  private static List<Long> blocks(Dataset<Row> rows) {
    return rows
        .groupBy(functions.spark_partition_id().as("p"))
        .count()
        .orderBy("p")
        .collectAsList()
        .stream()
        .map(row -> row.getLong(1))
        .toList();
  }

  @Nested
  class OneUnsplittableFile {
    @ParameterizedTest
    @ValueSource(strings = {"a.txt.gz", "a.csv.gz", "a.jsonl.gz"})
    void isCutIntoBlocksThatKeepItsOrder(String name) throws IOException {
      String content =
          switch (InputFormat.ofPath(name)) {
            case CSV -> "text\n" + lines(ROWS);
            case JSONL -> lines(ROWS).replaceAll("(?m)^(.*)$", "{\"text\":\"$1\"}");
            default -> lines(ROWS);
          };
      InputRows rows = Reading.read(compressed(name, content), "text");
      assertThat(rows.count().rowsByPartition()).containsExactly((long) ROWS);
      Dataset<Row> ordered = rows.ordered(4);
      assertThat(ordered.columns()).isEqualTo(rows.data().columns());
      assertThat(Reading.values(ordered, "text")).isEqualTo(expected(ROWS));
      assertThat(blocks(ordered)).hasSize(16).allMatch(size -> size > 300 && size < 1000);
    }

    @Test
    void isWrittenAsPartFilesInTheOrderOfTheInput() throws IOException {
      InputRows rows = Reading.read(compressed("a.txt.gz", lines(ROWS)));
      Path out = folder.resolve("out");
      rows.ordered(8).select("text").write().text(out.toString());
      List<Object> written = new ArrayList<>();
      try (Stream<Path> parts = Files.list(out)) {
        for (Path part :
            parts.filter(p -> p.getFileName().toString().startsWith("part-")).sorted().toList()) {
          written.addAll(Files.readAllLines(part));
        }
      }
      assertThat(written).isEqualTo(expected(ROWS));
    }

    @Test
    void staysWholeWhereItIsSmall() throws IOException {
      InputRows rows = Reading.read(compressed("a.txt.gz", lines(900)));
      assertThat(blocks(rows.ordered(16))).containsExactly(900L);
    }

    @Test
    void staysWholeForOneCore() throws IOException {
      InputRows rows = Reading.read(compressed("a.txt.gz", lines(ROWS)));
      assertThat(rows.ordered(1)).isSameAs(rows.data());
    }
  }

  @Nested
  class ManyPartitions {
    @Test
    void ofOneFileLoseNothingAndKeepTheOrder() throws IOException {
      LocalSpark.session().conf().set("spark.sql.files.maxPartitionBytes", "37001");
      LocalSpark.session().conf().set("spark.sql.files.openCostInBytes", "0");
      byte[] content = lines(ROWS).getBytes(StandardCharsets.UTF_8);
      Path file = Reading.write(folder, "a.txt", content);
      InputRows rows = Reading.read(file);
      assertThat(rows.count().rowsByPartition()).hasSizeGreaterThan(2);
      assertThat(rows.ordered(2)).isSameAs(rows.data());
      assertThat(Reading.values(rows.data(), "text")).isEqualTo(expected(ROWS));
      assertThat(Reading.values(rows.ordered(64), "text")).isEqualTo(expected(ROWS));
    }
  }

  @Test
  void needsACore() throws IOException {
    InputRows rows = Reading.read(compressed("a.txt.gz", "a"));
    assertThatThrownBy(() -> rows.ordered(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
