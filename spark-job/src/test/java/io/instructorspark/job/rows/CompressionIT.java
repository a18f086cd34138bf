package io.instructorspark.job.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.instructorspark.job.LocalSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.Encoders;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CompressionIT {
  private static final List<Object> TEXTS = List.of("grüne Äpfel", "红苹果", "pommes");

  @TempDir Path folder;

  static Stream<Arguments> everyFormatAndCompression() {
    return Arrays.stream(InputFormat.values())
        .flatMap(f -> Arrays.stream(Compression.values()).map(c -> Arguments.of(f, c)));
  }

  @ParameterizedTest
  @MethodSource("everyFormatAndCompression")
  void everyFormatIsReadFromEveryCompression(InputFormat format, Compression compression)
      throws IOException {
    Path file =
        Reading.write(
            folder, "rows." + format + compression.suffix, compression.compress(content(format)));
    try (InputRows rows = Reading.read(file, "text")) {
      assertThat(Reading.count(rows).rows()).isEqualTo(3);
      assertThat(Reading.count(rows).problems()).isZero();
      assertThat(Reading.values(rows, "text")).isEqualTo(TEXTS);
    }
  }

  @Test
  void aBzip2BlockWithADamagedMarkIsAnErrorAndNoLostRows() throws IOException {
    Random random = new Random(7);
    StringBuilder lines = new StringBuilder();
    while (lines.length() < 1_500_000) { // two blocks of 900,000 bytes at most
      lines.append(Long.toString(random.nextLong(), 36)).append('\n');
    }
    byte[] bytes = Compression.BZIP2.compress(lines.toString().getBytes(StandardCharsets.UTF_8));
    for (int first : List.of(4, bytes.length / 2)) {
      byte[] damaged = bytes.clone();
      for (int i = first; i < first + 3; i++) {
        damaged[i] ^= 0x55;
      }
      Path file = Reading.write(folder, "damaged%d.txt.bz2".formatted(first), damaged);
      assertThatThrownBy(
              () -> {
                try (InputRows rows = Reading.read(file, "text")) {
                  Reading.count(rows);
                }
              })
          .isInstanceOf(InputException.class)
          .hasMessageContaining(file.getFileName().toString());
    }
  }

  private byte[] content(InputFormat format) throws IOException {
    String content =
        switch (format) {
          case CSV -> "id,text\n01,grüne Äpfel\n02,红苹果\n03,pommes\n";
          case TSV -> "id\ttext\n01\tgrüne Äpfel\n02\t红苹果\n03\tpommes\n";
          case JSONL -> "{\"text\":\"grüne Äpfel\"}\n{\"text\":\"红苹果\"}\n{\"text\":\"pommes\"}\n";
          case TXT -> "grüne Äpfel\n红苹果\npommes\n";
          case PARQUET -> "";
        };
    return format == InputFormat.PARQUET ? parquet() : content.getBytes(StandardCharsets.UTF_8);
  }

  private byte[] parquet() throws IOException {
    Path written = folder.resolve("written");
    LocalSpark.session()
        .createDataset(TEXTS.stream().map(String::valueOf).toList(), Encoders.STRING())
        .toDF("text")
        .coalesce(1)
        .write()
        .parquet(written.toString());
    try (Stream<Path> files = Files.list(written)) {
      return Files.readAllBytes(
          files.filter(file -> file.toString().endsWith(".parquet")).findFirst().orElseThrow());
    }
  }

  @Nested
  class Concatenated {
    @ParameterizedTest
    @EnumSource(
        value = Compression.class,
        names = {"GZIP", "BZIP2", "ZSTD"})
    void partsAreReadToTheLast(Compression compression) throws IOException {
      byte[] one = compression.compress("one\n".getBytes(StandardCharsets.UTF_8));
      byte[] two = compression.compress("two\nthree".getBytes(StandardCharsets.UTF_8));
      byte[] both = Arrays.copyOf(one, one.length + two.length);
      System.arraycopy(two, 0, both, one.length, two.length);
      Path file = Reading.write(folder, "a.txt" + compression.suffix, both);
      assertThat(Reading.values(Reading.read(file), "text")).containsExactly("one", "two", "three");
    }
  }

  @Nested
  class CutShort {
    @ParameterizedTest
    @CsvSource({
      "csv,GZIP", "csv,BZIP2", "csv,ZSTD", "txt,GZIP", "txt,BZIP2", "txt,ZSTD",
      "jsonl,GZIP", "jsonl,BZIP2", "jsonl,ZSTD", "parquet,GZIP", "parquet,BZIP2", "parquet,ZSTD"
    })
    void isAnErrorThatNamesTheFile(String format, Compression compression) throws IOException {
      StringBuilder content = new StringBuilder("text\n");
      for (int i = 0; i < 50_000; i++) {
        content.append("{\"text\": ").append(i * 7919L % 10_007).append("}\n");
      }
      byte[] whole = compression.compress(content.toString().getBytes(StandardCharsets.UTF_8));
      byte[] cut = Arrays.copyOf(whole, whole.length / 2);
      Path file = Reading.write(folder, "cut." + format + compression.suffix, cut);
      assertThatThrownBy(() -> Reading.check(file))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("cannot read " + file + ": ")
          .hasMessageContaining("damaged or cut short");
    }

    @Test
    void isAnErrorToWhereTheNameLies() throws IOException {
      Path file = Reading.write(folder, "plain.txt.gz", "never compressed\n");
      assertThatThrownBy(() -> Reading.check(file))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("cannot read " + file + ": ");
    }
  }

  @Nested
  class UnpackedParquet {
    @Test
    void liesWhereTheCallerSaysAndGoesAwayAtClose() throws IOException {
      Path file = Reading.write(folder, "rows.parquet.gz", Compression.GZIP.compress(parquet()));
      Path scratch = Files.createDirectory(folder.resolve("scratch"));
      RowSource source = RowSource.of(file.toString(), "text").withScratch(scratch.toString());
      try (InputRows rows = Reading.read(source)) {
        assertThat(scratch).isNotEmptyDirectory();
        assertThat(Reading.values(rows, "text")).isEqualTo(TEXTS);
      }
      assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void goesAwayWhereReadingFails() throws IOException {
      Path file = Reading.write(folder, "rows.parquet.gz", Compression.GZIP.compress(parquet()));
      Path scratch = Files.createDirectory(folder.resolve("scratch"));
      RowSource source = RowSource.of(file.toString(), "missing").withScratch(scratch.toString());
      assertThatThrownBy(() -> Reading.read(source)).hasMessageContaining("no column 'missing'");
      assertThat(scratch).isEmptyDirectory();
    }
  }
}
