package io.instructorspark.job.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.instructorspark.job.LocalSpark;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetTest {
  @TempDir Path folder;

  private static Dataset<Row> rows(String expression) {
    return LocalSpark.session().range(0, 4, 1, 1).selectExpr(expression.split(";"));
  }

  private Path written(String expression) {
    Path file = folder.resolve("a.parquet");
    rows(expression).write().parquet(file.toString());
    return file;
  }

  @Test
  void keepsItsTypes() {
    try (InputRows rows = Reading.read(written("id;'a' as text;float(id) as x"), "text")) {
      assertThat(rows.columns()).containsExactly("id", "text", "x");
      assertThat(Reading.values(rows, "x")).containsExactly(0f, 1f, 2f, 3f);
      assertThat(Reading.problems(rows)).containsOnlyNulls();
      assertThat(Reading.count(rows).rows()).isEqualTo(4);
    }
  }

  @Test
  void keepsTheColumnsOfItsPartitionFolders() {
    Path path = folder.resolve("years");
    rows("id;'a' as text;2020 + id % 2 as year")
        .write()
        .partitionBy("year")
        .parquet(path.toString());
    try (InputRows rows = Reading.read(path, "text")) {
      assertThat(rows.columns()).containsExactly("id", "text", "year");
      assertThat(Reading.count(rows).rows()).isEqualTo(4);
      assertThat(Reading.values(rows, "year")).containsOnly(2020, 2021);
    }
  }

  @Test
  void keepsColumnsThatOnlySomeFilesHave() {
    String path = folder.resolve("a").toString();
    rows("id;'a' as text").write().parquet(path);
    rows("id;'a' as text;1 as more").write().mode("append").parquet(path);
    try (InputRows rows = Reading.read(folder.resolve("a"))) {
      assertThat(rows.columns()).containsExactlyInAnyOrder("id", "text", "more");
      assertThat(Reading.count(rows).rows()).isEqualTo(8);
    }
  }

  @Nested
  class Errors {
    @Test
    void tellTheTypeOfATextThatIsNoString() {
      Path file = written("id as text");
      assertThatThrownBy(() -> Reading.read(file, "text"))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith(
              "column 'text' of %s has to be string, but it is bigint".formatted(file));
    }

    @Test
    void listTheColumnsWhereOneIsMissing() {
      Path file = written("id;'a' as body");
      assertThatThrownBy(() -> Reading.read(file, "text"))
          .isInstanceOf(InputException.class)
          .hasMessage("no column 'text' in %s; it has: id, body".formatted(file));
    }

    @Test
    void nameTheFileThatIsNoParquet() throws IOException {
      Path file = Reading.write(folder, "a.parquet", "id,text\n1,a\n");
      assertThatThrownBy(() -> Reading.read(file))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("cannot read %s: ".formatted(file));
    }

    @Test
    void nameTheFileThatIsEmpty() throws IOException {
      Path file = Reading.write(written("id;'a' as text"), "z.parquet", "");
      assertThatThrownBy(() -> Reading.read(file.getParent()))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("%s is empty: it is no Parquet file".formatted(file));
    }

    @Test
    void tellThatThereAreNoRows() {
      Path file = folder.resolve("a.parquet");
      rows("id;'a' as text").where("id < 0").write().parquet(file.toString());
      assertThatThrownBy(() -> Reading.check(file))
          .isInstanceOf(InputException.class)
          .hasMessage("%s holds no rows".formatted(file));
    }
  }
}
