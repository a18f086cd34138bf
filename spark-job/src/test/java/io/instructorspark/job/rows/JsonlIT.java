package io.instructorspark.job.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonlIT {
  @TempDir Path folder;

  private InputRows read(String content, String... stringColumns) throws IOException {
    return Reading.read(Reading.write(folder, "a.jsonl", content), stringColumns);
  }

  @Nested
  class Columns {
    @Test
    void areTypedByAllLinesAndOrderedByTheFirst() throws IOException {
      InputRows rows =
          read("{\"z\": 1, \"text\": \"a\"}\n{\"text\": \"b\", \"a\": [1], \"z\": 2.5}\n");
      assertThat(rows.columns()).containsExactly("z", "text", "a");
      assertThat(rows.data().schema().apply("z").dataType()).isEqualTo(DataTypes.DoubleType);
      assertThat(rows.data().schema().apply("a").dataType().catalogString())
          .isEqualTo("array<bigint>");
      assertThat(Reading.values(rows, "z")).containsExactly(1.0, 2.5);
    }

    @Test
    void areStringsWhereTheyHaveToBe() throws IOException {
      InputRows rows =
          read(
              "{\"id\": 1, \"text\": 12345678901234567890.10}\n{\"id\": 2, \"text\": true}\n"
                  + "{\"id\": 3, \"text\": 1e5}\n{\"id\": 6, \"text\": \"\\u00e9\"}\n{\"id\": 7, \"text\": [1, 2.0]}\n{\"id\": 4, \"text\": null}\n{\"id\": 5}\n",
              "text");
      assertThat(Reading.values(rows, "id")).containsExactly(1L, 2L, 3L, 6L, 7L, 4L, 5L);
      assertThat(Reading.values(rows, "text"))
          .containsExactly("12345678901234567890.10", "true", "1e5", "é", "[1, 2.0]", null, null);
      assertThat(Reading.count(rows).problems()).isZero();
    }

    @Test
    void thatHaveToBeStringsMustNotBeLists() throws IOException {
      assertThatThrownBy(() -> read("{\"text\": [\"a\"]}\n", "text"))
          .isInstanceOf(InputException.class)
          .hasMessage(
              "column 'text' of %s has to hold strings, but it holds array<string>"
                  .formatted(folder.resolve("a.jsonl")));
    }

    @Test
    void areAnErrorWhereMissing() throws IOException {
      assertThatThrownBy(() -> read("{\"id\": 1, \"body\": \"a\"}\n", "text"))
          .isInstanceOf(InputException.class)
          .hasMessage(
              "no column 'text' in %s; it has: id, body".formatted(folder.resolve("a.jsonl")));
    }

    @Test
    void areFlaggedWhereSparkTakesTwoSpellingsForOne() throws IOException {
      InputRows rows = read("{\"text\": \"a\"}\n{\"Text\": \"b\"}\n", "text");
      assertThat(Reading.count(rows).problems()).isEqualTo(1);
      assertThat(Reading.problems(rows).toString())
          .contains("line has the key 'Text' where the column is 'text'; its value is not read");
    }

    @Test
    void areAnErrorWhereTheyDifferInCaseOnly() throws IOException {
      assertThatThrownBy(() -> read("{\"text\": \"a\", \"Text\": \"b\"}\n", "text"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("'text' and 'Text'");
    }

    @Test
    void mayHaveAnyName() throws IOException {
      InputRows rows = read("{\"a.b\": 1, \"c`d\": 2, \"é x\": 4}\n");
      assertThat(rows.columns()).containsExactly("a.b", "c`d", "é x");
      assertThat(rows.data().head().getLong(0)).isEqualTo(1);
      assertThat(Reading.count(rows).rows()).isEqualTo(1);
    }
  }

  @Nested
  class Lines {
    @Test
    void areSkippedWhereBlank() throws IOException {
      InputRows rows = read("\uFEFF{\"id\": 1}\r\n\r\n \t\n{\"id\": 2}\n\n");
      assertThat(Reading.values(rows, "id")).containsExactly(1L, 2L);
      assertThat(Reading.count(rows).problems()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"id\": 2, \"text\":",
          "{\"id\": 2} {\"id\": 3}",
          "{\"id\": 2}}",
          "[{\"id\": 2}, {\"id\": 3}]",
          "\"text\"",
          "null",
          "12",
          "id: 2",
          "{\"id\": 02}"
        })
    void areKeptAndFlaggedWhereTheyAreNotOneObject(String line) throws IOException {
      InputRows rows = read("{\"id\": 1, \"text\": \"a\"}\n" + line + "\n{\"id\": 4}\n", "text");
      assertThat(rows.columns()).containsExactly("id", "text");
      assertThat(Reading.values(rows, "id")).containsExactly(1L, null, 4L);
      List<Object> problems = Reading.problems(rows);
      assertThat((String) problems.get(1)).startsWith("line is not ").endsWith(": '" + line + "'");
      assertThat(problems.get(0)).isNull();
      assertThat(Reading.count(rows)).isEqualTo(new RowCount(3, 1, List.of(3L)));
    }

    @Test
    void areShownCutAndEscaped() throws IOException {
      InputRows rows = read("{\"id\": 1}\n{\t\u0001\u0085" + "x".repeat(100) + "\n");
      assertThat(Reading.problems(rows).get(1))
          .isEqualTo("line is not valid JSON: '{\\t\\u0001\\u0085" + "x".repeat(76) + "…'");
    }

    @Test
    void areFlaggedWhereTheyAreNotUtf8() throws IOException {
      byte[] content = Reading.withInvalidBytes("{\"text\": \"caf\u00E9\"}\n{\"text\": \"b\"}\n");
      InputRows rows = Reading.read(Reading.write(folder, "a.jsonl", content), "text");
      assertThat(Reading.values(rows, "text")).containsExactly("caf\uFFFD", "b");
      assertThat(Reading.problems(rows)).containsExactly("line has invalid UTF-8 at byte 14", null);
    }

    @Test
    void mayHoldTextsOfManyMegabytes() throws IOException {
      String text = "x".repeat(21_000_000);
      InputRows rows = read("{\"text\": \"" + text + "\"}\n", "text");
      assertThat(Reading.count(rows)).isEqualTo(new RowCount(1, 0, List.of(1L)));
      assertThat((String) Reading.values(rows, "text").get(0)).hasSize(text.length());
    }
  }

  @Nested
  class NoObjects {
    @Test
    void areAnErrorThatSuspectsADocument() throws IOException {
      Path file = Reading.write(folder, "a.json", "[\n  {\"id\": 1},\n  {\"id\": 2}\n]\n");
      assertThatThrownBy(() -> read("[\n  {\n\"id\": 1\n}]\n"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("jq -c '.[]'");
      assertThat(Reading.check(file).problems()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n"})
    void areAnErrorWhereThereAreNoLines(String content) throws IOException {
      Path file = Reading.write(folder, "a.jsonl", content.getBytes(StandardCharsets.UTF_8));
      assertThatThrownBy(() -> Reading.read(file))
          .isInstanceOf(InputException.class)
          .hasMessage("%s holds no rows".formatted(file));
    }
  }
}
