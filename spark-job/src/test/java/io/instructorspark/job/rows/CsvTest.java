package io.instructorspark.job.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import scala.jdk.javaapi.CollectionConverters;

class CsvTest {
  @TempDir Path folder;

  private InputRows read(String content, String... stringColumns) throws IOException {
    return Reading.read(Reading.write(folder, "a.csv", content), stringColumns);
  }

  private static List<List<Object>> rows(InputRows rows) {
    return rows.data().drop(InputRows.PROBLEM_COLUMN).collectAsList().stream()
        .map(row -> CollectionConverters.asJava(row.toSeq()))
        .toList();
  }

  @Nested
  class Fields {
    @Test
    void areStringsJustAsWritten() throws IOException {
      InputRows rows = read("id,text,n\n007, a ,1.50\n");
      assertThat(rows.columns()).containsExactly("id", "text", "n");
      assertThat(rows(rows)).containsExactly(List.of("007", " a ", "1.50"));
    }

    @Test
    void mayHoldSeparatorsQuotesAndLineEndsInsideQuotes() throws IOException {
      InputRows rows = read("id,text\r\n1,\"a, \"\"b\"\"\r\nc\nd\"\r\n2,e\r\n");
      assertThat(rows(rows)).containsExactly(List.of("1", "a, \"b\"\r\nc\nd"), List.of("2", "e"));
    }

    @Test
    void areNullWhereEmptyAndEmptyWhereQuoted() throws IOException {
      InputRows rows = read("a,b,c\n,\"\",x\n");
      assertThat(Reading.values(rows, "a")).containsOnlyNulls();
      assertThat(Reading.values(rows, "b")).containsExactly("");
      assertThat(Reading.count(rows).problems()).isZero();
    }

    @Test
    void mayHoldQuotesInTheMiddleWithoutQuotes() throws IOException {
      assertThat(Reading.values(read("id,text\n1,a 5\" screen\n"), "text"))
          .containsExactly("a 5\" screen");
    }

    @Test
    void mayHoldTenMegabytes() throws IOException {
      String text = "grün \"\" \n".repeat(1_100_000);
      InputRows rows = read("id,text\n1,\"" + text + "\"\n2,b\n");
      assertThat(Reading.values(rows, "text")).containsExactly(text.replace("\"\"", "\""), "b");
    }
  }

  @Nested
  class Lines {
    @Test
    void areSkippedWhereBlank() throws IOException {
      InputRows rows = read("\nid,text\n\n1,a\n\r\n2,b\n\n");
      assertThat(Reading.values(rows, "id")).containsExactly("1", "2");
      assertThat(Reading.count(rows)).isEqualTo(new RowCount(2, 0, List.of(2L)));
    }

    @Test
    void ofOneColumnAreSkippedWhereBlankAndKeptWhereQuoted() throws IOException {
      assertThat(Reading.values(read("text\na\n\n\"\"\nb"), "text")).containsExactly("a", "", "b");
    }

    @Test
    void mayBeginWithAByteOrderMark() throws IOException {
      assertThat(read("\uFEFF\"id\",text\n1,a\n").columns()).containsExactly("id", "text");
    }

    @Test
    void mayBeTabSeparated() throws IOException {
      Path file = Reading.write(folder, "a.tsv", "id\ttext\n1\ta, \"b\"\n2\t\"c\td\"\n\t\n");
      InputRows rows = Reading.read(file, "text");
      assertThat(Reading.values(rows, "text")).containsExactly("a, \"b\"", "c\td", null);
    }
  }

  @Nested
  class RaggedRows {
    @Test
    void areKeptAndSayTheirLine() throws IOException {
      InputRows rows = read("a,b,c\n1,\"x\n\ny\",3\n\n4,5\n6,7,8,9\n10\n1,2,3\n");
      assertThat(Reading.values(rows, "a")).containsExactly("1", "4", "6", "10", "1");
      assertThat(Reading.values(rows, "b")).containsExactly("x\n\ny", "5", "7", null, "2");
      assertThat(Reading.values(rows, "c")).containsExactly("3", null, "8", null, "3");
      assertThat(Reading.problems(rows))
          .containsExactly(
              null,
              "line 6 has 2 fields where the header has 3",
              "line 7 has 4 fields where the header has 3",
              "line 8 has 1 field where the header has 3",
              null);
      assertThat(Reading.count(rows)).isEqualTo(new RowCount(5, 3, List.of(5L)));
    }
  }

  @Nested
  class UnpairedQuotes {
    @ParameterizedTest
    @ValueSource(strings = {"2,\"never closed\n3,c\n", "2,\"closed\" too early\n3,c\n"})
    void areAnErrorOfTheCountThatSaysFileLineAndRemedy(String damaged) throws IOException {
      Path file = Reading.write(folder, "a.csv", "id,text\n\n1,\"a\nb\"\n\n" + damaged);
      InputRows rows = Reading.read(file);
      assertThatThrownBy(() -> Reading.count(rows))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("%s: the record that begins at line 6 ".formatted(file))
          .hasMessageContaining("--quote none");
    }

    @Test
    void areAnErrorOfTheReadInTheHeader() throws IOException {
      assertThatThrownBy(() -> read("\"id,text\n1,a\n"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("the record that begins at line 1 ");
    }

    @Test
    void doNotTakeTheRestOfAHugeFileIntoMemory() {
      BoundedReader reader = new BoundedReader(new EndlessReader());
      char[] some = new char[1 << 16];
      assertThatThrownBy(
              () -> {
                while (reader.read(some, 0, some.length) > 0) {}
              })
          .isInstanceOf(CSVException.class)
          .hasMessage("one record of more than 128 MiB");
    }

    @Test
    void areOrdinaryCharactersWithoutQuoting() throws IOException {
      Path file = Reading.write(folder, "a.csv", "id,text\n1,\"open\n2,\"\"\n3,\n4,\"a\" b\n");
      InputRows rows = Reading.read(RowSource.of(file.toString()).withQuote(Quote.NONE));
      assertThat(Reading.values(rows, "text")).containsExactly("\"open", "\"\"", null, "\"a\" b");
      assertThat(Reading.count(rows).problems()).isZero();
    }

    @Test
    void mayBeAnApostropheInstead() throws IOException {
      Path file = Reading.write(folder, "a.csv", "id,text\n1,'a, \"b'\n");
      InputRows rows = Reading.read(RowSource.of(file.toString()).withQuote(Quote.SINGLE));
      assertThat(Reading.values(rows, "text")).containsExactly("a, \"b");
    }
  }

  @Nested
  class InvalidUtf8 {
    @Test
    void costsNoOtherFieldOrRow() throws IOException {
      byte[] content =
          Reading.withInvalidBytes(
              "id,text,n\n1,\"caf\u00E9, \u00FC\",x\n2,b,\u00FF\u00FE\n3,c,z\n");
      InputRows rows = Reading.read(Reading.write(folder, "a.csv", content));
      assertThat(Reading.values(rows, "id")).containsExactly("1", "2", "3");
      assertThat(Reading.values(rows, "text")).containsExactly("caf\uFFFD, \uFFFD", "b", "c");
      assertThat(Reading.problems(rows))
          .containsExactly(
              "line 2 has invalid UTF-8 at byte 4 of 'text'",
              "line 3 has invalid UTF-8 at byte 1 of 'n'",
              null);
    }

    @Test
    void isNotAGenuineReplacementCharacter() throws IOException {
      InputRows rows = read("text\na\uFFFD\u00E9\u4E2D\uD83D\uDE00\n");
      assertThat(Reading.values(rows, "text")).containsExactly("a\uFFFD\u00E9\u4E2D\uD83D\uDE00");
      assertThat(Reading.problems(rows)).containsOnlyNulls();
    }

    @Test
    void isAnErrorInTheHeader() throws IOException {
      Path file = Reading.write(folder, "a.csv", Reading.withInvalidBytes("id,t\u00E9xt\n1,a\n"));
      assertThatThrownBy(() -> Reading.read(file))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("column 2 of the header")
          .hasMessageContaining("iconv");
    }
  }

  @Nested
  class Header {
    @Test
    void isMissedInAnEmptyFile() throws IOException {
      Path file = Reading.write(folder, "a.csv", "");
      assertThatThrownBy(() -> Reading.read(file))
          .isInstanceOf(InputException.class)
          .hasMessage("%s is empty: it has no header line".formatted(file));
    }

    @Test
    void aloneIsAnErrorOfTheCount() throws IOException {
      Path file = Reading.write(folder, "a.csv", "id,text\n");
      assertThatThrownBy(() -> Reading.check(file))
          .isInstanceOf(InputException.class)
          .hasMessage("%s holds no rows".formatted(file));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "a,b,a|two columns named 'a' (columns 1 and 3",
          "a,A|'a' and 'A' (columns 1 and 2)",
          "a,,b|column 2 of the header has no name",
          ",a|column 1 of the header has no name",
          "a,\" \"|column 2 of the header has no name"
        })
    void isAnErrorWhereNamesAreDoubledOrMissing(String header, String message) throws IOException {
      assertThatThrownBy(() -> read(header + "\n1,2,3\n"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining(folder.resolve("a.csv").toString())
          .hasMessageContaining(message);
    }

    @Test
    void tellsTheColumnsThereAreWhereOneIsMissing() throws IOException {
      assertThatThrownBy(() -> read("id,text,product\n1,a,b\n", "txt"))
          .isInstanceOf(InputException.class)
          .hasMessage(
              "no column 'txt' in %s; it has: id, text, product (did you mean 'text'?)"
                  .formatted(folder.resolve("a.csv")));
    }

    @Test
    void isFoundInAnyCaseAsSparkFindsColumns() throws IOException {
      assertThat(read("id,Text\n1,a\n", "text").columns()).containsExactly("id", "Text");
    }
  }

  @Nested
  class SeveralFiles {
    @Test
    void areReadInTheOrderOfTheirNames() throws IOException {
      Reading.write(folder, "in/b.csv", "id,text\n2,b\n3,c\n");
      Reading.write(folder, "in/a.csv", "id,text\n1,a\n");
      Reading.write(folder, "in/c.csv", "id,text\n");
      InputRows rows = Reading.read(folder.resolve("in"));
      assertThat(Reading.values(rows, "id")).containsExactly("1", "2", "3");
      assertThat(Reading.count(rows)).isEqualTo(new RowCount(3, 0, List.of(1L, 2L)));
    }

    @Test
    void needOneHeader() throws IOException {
      Path one = Reading.write(folder, "in/a.csv", "id,text\n1,a\n");
      Path other = Reading.write(folder, "in/b.csv", "text,id\na,1\n");
      assertThatThrownBy(() -> Reading.read(folder.resolve("in")))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("%s has (id, text) and %s has (text, id)".formatted(one, other));
    }
  }

  private static final class EndlessReader extends Reader {
    @Override
    public int read(char[] target, int offset, int length) {
      return length;
    }

    @Override
    public void close() {}
  }
}
