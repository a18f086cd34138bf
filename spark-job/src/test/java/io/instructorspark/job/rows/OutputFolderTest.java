package io.instructorspark.job.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.instructorspark.job.LocalSpark;
import io.instructorspark.spark.IfExists;
import io.instructorspark.spark.OutputException;
import io.instructorspark.spark.OutputFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputFolderTest {
  @TempDir Path folder;
  private Path output;

  @BeforeEach
  void placeOutput() {
    output = folder.resolve("dd/ds");
  }

  private OutputFolder open(IfExists ifExists) {
    return OutputFolder.open(LocalSpark.session(), output.toString(), ifExists);
  }

  private static Dataset<Row> rows() {
    return LocalSpark.session().range(3).toDF();
  }

  /** Rows whose plan is sound and whose tasks fail. */
  private static Dataset<Row> failingRows() {
    return rows().selectExpr("cast(raise_error('broken') as bigint) as x");
  }

  /** Rows that Spark refuses before it touches the output. */
  private static Dataset<Row> refusedRows() {
    return rows().selectExpr("id", "id as id");
  }

  private Stream<String> names() throws IOException {
    try (Stream<Path> files = Files.list(output)) {
      return files.map(file -> file.getFileName().toString()).toList().stream();
    }
  }

  @Nested
  class Writing {
    @Test
    void leavesRowsAndTheMarkOfAFinishedRun() throws IOException {
      open(IfExists.ERROR).write(rows(), OutputFormat.PARQUET);
      assertThat(names()).contains("_SUCCESS").noneMatch(name -> name.contains("writing"));
      open(IfExists.OVERWRITE).write(rows().limit(1), OutputFormat.PARQUET);
      assertThat(names()).contains("_SUCCESS").noneMatch(name -> name.contains("writing"));
      assertThat(LocalSpark.session().read().parquet(output.toString()).count()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void intoAFolderThatAnotherRunMadeIsRefused(boolean finished) throws IOException {
      OutputFolder second = open(IfExists.ERROR);
      Path mark =
          Reading.write(output, finished ? "_SUCCESS" : "_instructor_writing", "the first run's");
      assertThatThrownBy(() -> second.write(rows(), OutputFormat.PARQUET))
          .isInstanceOf(OutputException.class)
          .hasMessageContaining("has appeared since this run began");
      assertThat(mark).hasContent("the first run's");
    }

    @Test
    void thatFailsLeavesNoFolder() {
      OutputFolder opened = open(IfExists.ERROR);
      assertThatThrownBy(() -> opened.write(failingRows(), OutputFormat.PARQUET))
          .hasStackTraceContaining("broken");
      assertThat(output).doesNotExist();
    }

    @Test
    void thatFailsBeforeItBeginsKeepsAnOldOutput() throws IOException {
      Reading.write(output, "_instructor.json", "{}");
      Path old = Reading.write(output, "part-0.parquet", "old");
      OutputFolder opened = open(IfExists.OVERWRITE);
      assertThatThrownBy(() -> opened.write(refusedRows(), OutputFormat.PARQUET))
          .hasMessageContaining("id");
      assertThat(old).hasContent("old");
      assertThat(names()).containsExactlyInAnyOrder("_instructor.json", "part-0.parquet");
    }
  }

  @Nested
  class Overwriting {
    @ParameterizedTest
    @ValueSource(strings = {"notes.txt", "part-one/a.txt", "year=2024/notes.txt", "a=b.txt"})
    void isRefusedWhereSomethingForeignLies(String name) throws IOException {
      Reading.write(output, "_SUCCESS", "");
      Reading.write(output, name, "precious");
      assertThatThrownBy(() -> open(IfExists.OVERWRITE))
          .isInstanceOf(OutputException.class)
          .hasMessageContaining(name.split("/")[0])
          .hasMessageContaining("is not what Spark wrote");
    }

    @Test
    void takesWhatSparkWrites() throws IOException {
      Reading.write(output, "_SUCCESS", "");
      Reading.write(output, ".part-0.parquet.crc", "");
      Reading.write(output, "year=2024/part-0.parquet", "");
      open(IfExists.OVERWRITE);
    }
  }
}
