package io.instructorspark.job.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The values of a JSON file. */
class JsonRecordsTest {
  private static List<JsonRecords.Value> values(String content) throws IOException {
    return values(content.getBytes(StandardCharsets.UTF_8));
  }

  private static List<JsonRecords.Value> values(byte[] content) throws IOException {
    try (JsonRecords records = new JsonRecords("some.json", new ByteArrayInputStream(content))) {
      List<JsonRecords.Value> values = new ArrayList<>();
      records.forEachRemaining(values::add);
      return values;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"n\":1}\n{\"n\":2}\n",
        "{\"n\":1}\r\n\r\n{\"n\":2}",
        "[{\"n\":1},{\"n\":2}]",
        "\n [\n{\"n\":\n1},\n{\"n\":2}\n]\n",
        "  {\"n\":1}\n\t{\"n\":2}"
      })
  void areLinesOrAnArray(String content) throws IOException {
    assertThat(values(content))
        .extracting(value -> value.node().get("n").asInt())
        .containsExactly(1, 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "[]", " [ ] "})
  void areNoneInAnEmptyFile(String content) throws IOException {
    assertThat(values(content)).isEmpty();
  }

  @Test
  void sayWhereTheyAre() throws IOException {
    assertThat(values("{}\n\n{}\n"))
        .extracting(v -> v.place().shown())
        .containsExactly("line 1", "line 3");
    assertThat(values("[{},\n{}]"))
        .extracting(v -> v.place().shown())
        .containsExactly("record 1 (line 1)", "record 2 (line 2)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"n\":", "{} {}", "words", "{\"n\":1}]", "\"open"})
  void areAProblemWhereALineIsNoJson(String line) throws IOException {
    List<JsonRecords.Value> values = values("{\"n\":1}\n" + line + "\n{\"n\":3}\n");
    assertThat(values).hasSize(3);
    assertThat(values.get(1).problem()).startsWith("it is no JSON");
    assertThat(values.get(2).problem()).isNull();
  }

  @Test
  void areAProblemWhereALineIsNoUtf8() throws IOException {
    byte[] line = "{\"n\":\"é\"}\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(values(line)).singleElement().extracting(JsonRecords.Value::problem).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[{\"n\":1},", "[{\"n\":1}", "[{\"n\":1}] {}", "[{\"n\":1} {\"n\":2}]", "["})
  void endEverythingWhereAnArrayIsBroken(String content) {
    assertThatThrownBy(() -> values(content))
        .isInstanceOf(PreparationException.class)
        .hasMessageContainingAll("some.json", "record");
  }

  @Test
  void areBoundedInLength() {
    byte[] endless = new byte[(1 << 26) + 2];
    java.util.Arrays.fill(endless, (byte) '1');
    assertThatThrownBy(() -> values(endless))
        .isInstanceOf(PreparationException.class)
        .hasMessageContaining("64 MiB");
  }
}
