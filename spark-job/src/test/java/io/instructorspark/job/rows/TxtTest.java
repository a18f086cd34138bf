package io.instructorspark.job.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TxtTest {
  @TempDir Path folder;

  static Stream<Arguments> contents() {
    return Stream.of(
        Arguments.of("a line feed at the end adds no row", "a\nb\n", new String[] {"a", "b"}),
        Arguments.of("a last line needs no line feed", "a\nb", new String[] {"a", "b"}),
        Arguments.of("empty lines are rows", "\na\n\n\n", new String[] {"", "a", "", ""}),
        Arguments.of("CRLF ends a line", "a\r\n\r\nb\r\n", new String[] {"a", "", "b"}),
        Arguments.of("a lone CR does not", "a\rb\nc\r\r\n", new String[] {"a\rb", "c\r"}),
        Arguments.of(
            "a byte order mark is dropped", "\uFEFFa\n\uFEFFb", new String[] {"a", "\uFEFFb"}),
        Arguments.of("spaces, quotes and commas stay", " \"a\", \n", new String[] {" \"a\", "}),
        Arguments.of(
            "other line separators do not end a line",
            "a\u2028b\u0085c",
            new String[] {"a\u2028b\u0085c"}));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("contents")
  void linesBecomeRows(String rule, String content, String[] texts) throws IOException {
    Path file = Reading.write(folder, "a.txt", content);
    InputRows rows = Reading.read(file, "text");
    assertThat(Reading.values(rows, "text")).containsExactly((Object[]) texts);
    assertThat(Reading.count(rows).problems()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void aByteOrderMarkIsDroppedFromEveryCompression(Compression compression) throws IOException {
    byte[] content = "\uFEFFa\r\nb".getBytes(StandardCharsets.UTF_8);
    Path file = Reading.write(folder, "a.txt" + compression.suffix, compression.compress(content));
    assertThat(Reading.values(Reading.read(file), "text")).containsExactly("a", "b");
  }

  @Test
  void hasOneColumnAndTheProblem() throws IOException {
    InputRows rows = Reading.read(Reading.write(folder, "a.txt", "a"));
    assertThat(rows.columns()).containsExactly("text");
    assertThat(rows.data().columns()).containsExactly("text", "_input_problem");
  }

  @Test
  void anotherTextColumnIsAnError() throws IOException {
    Path file = Reading.write(folder, "a.txt", "a");
    assertThatThrownBy(() -> Reading.read(file, "review"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "no column 'review' in %s; a txt file has only the column 'text'".formatted(file));
  }

  @Test
  void noLineIsAnErrorOfTheCount() throws IOException {
    Path file = Reading.write(folder, "a.txt", "");
    assertThatThrownBy(() -> Reading.check(file))
        .isInstanceOf(InputException.class)
        .hasMessage("%s holds no rows".formatted(file));
  }

  @Nested
  class InvalidUtf8 {
    @Test
    void isKeptShownAndFlagged() throws IOException {
      byte[] content = Reading.withInvalidBytes("fine\ncaf\u00E9 au lait\r\nfine");
      InputRows rows = Reading.read(Reading.write(folder, "a.txt", content));
      assertThat(Reading.values(rows, "text")).containsExactly("fine", "caf\uFFFD au lait", "fine");
      assertThat(Reading.problems(rows))
          .containsExactly(null, "line has invalid UTF-8 at byte 4", null);
      assertThat(Reading.count(rows)).isEqualTo(new RowCount(3, 1, List.of(3L)));
    }

    @Test
    void isNotAGenuineReplacementCharacter() throws IOException {
      InputRows rows = Reading.read(Reading.write(folder, "a.txt", "a\uFFFDb"));
      assertThat(Reading.problems(rows)).containsOnlyNulls();
    }
  }

  @Nested
  class Utf16 {
    @Test
    void isAnErrorWithItsRemedy() throws IOException {
      Path little =
          Reading.write(folder, "a.txt", "\uFEFFtext".getBytes(StandardCharsets.UTF_16LE));
      Path big = Reading.write(folder, "b.csv", "\uFEFFtext".getBytes(StandardCharsets.UTF_16BE));
      for (Path file : new Path[] {little, big}) {
        assertThatThrownBy(() -> Reading.read(file))
            .isInstanceOf(InputException.class)
            .hasMessageStartingWith("%s is UTF-16".formatted(file))
            .hasMessageContaining("iconv");
      }
    }
  }
}
