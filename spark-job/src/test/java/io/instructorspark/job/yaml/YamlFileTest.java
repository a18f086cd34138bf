package io.instructorspark.job.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings come out by key and type, or as an error that names file and key. */
class YamlFileTest {
  @TempDir private Path folder;

  private YamlSection read(String... lines) throws IOException {
    return YamlFile.read(
        Files.writeString(folder.resolve("settings.yaml"), String.join("\n", lines) + "\n"));
  }

  private void refuses(String content, Consumer<YamlSection> asking, String... words)
      throws IOException {
    YamlSection section = read(content);
    assertThatThrownBy(() -> asking.accept(section))
        .isInstanceOf(YamlException.class)
        .hasMessageContainingAll(words)
        .hasMessageContaining("settings.yaml");
  }

  @Nested
  class Values {
    @Test
    void areTakenByTheirTypes() throws IOException {
      YamlSection all =
          read(
              "name: trail notes",
              "steps: 300",
              "rate: 0.5",
              "shuffle: true",
              "files: [one.jsonl, two.jsonl]",
              "model:",
              "  layers: 6");
      assertThat(all.keys()).containsExactly("name", "steps", "rate", "shuffle", "files", "model");
      assertThat(all.string("name")).contains("trail notes");
      assertThat(all.integer("steps")).hasValue(300);
      assertThat(all.number("rate")).hasValue(0.5);
      assertThat(all.flag("shuffle")).contains(true);
      assertThat(all.strings("files").orElseThrow()).containsExactly("one.jsonl", "two.jsonl");
      assertThat(all.section("model").orElseThrow().integer("layers")).hasValue(6);
    }

    @Test
    void areListsOfNumbersAndOfMappings() throws IOException {
      YamlSection all = read("betas: [0.9, 1e-3, 1]", "data:", "  - name: a", "  - name: b");
      assertThat(all.numbers("betas").orElseThrow()).containsExactly(0.9, 1e-3, 1.0);
      assertThat(all.sections("data").orElseThrow())
          .extracting(section -> section.string("name").orElseThrow())
          .containsExactly("a", "b");
      assertThat(all.numbers("other")).isEmpty();
      assertThat(all.sections("other")).isEmpty();
    }

    @Test
    void areToldApartAsTextAndMapping() throws IOException {
      YamlSection all = read("one: here.json", "two: {a: b}");
      assertThat(all.isText("one")).isTrue();
      assertThat(all.isText("two")).isFalse();
      assertThat(all.isText("three")).isFalse();
    }

    @Test
    void areRefusedWithinListsByPlace() throws IOException {
      refuses("betas: [0.9, high]", all -> all.numbers("betas"), "'betas'", "'high'", "numbers");
      refuses("data: [a]", all -> all.sections("data"), "'data[0]'", "a mapping");
      refuses("data: a", all -> all.sections("data"), "'data'", "a list of mappings");
      refuses(
          "data: [{size: big}]",
          all -> all.sections("data").orElseThrow().get(0).integer("size"),
          "'data[0].size'");
    }

    @Test
    void areAbsentWhereTheKeyIs() throws IOException {
      YamlSection all = read("name: trail notes");
      assertThat(all.string("other")).isEmpty();
      assertThat(all.number("other")).isEmpty();
      assertThat(all.integer("other")).isEmpty();
      assertThat(all.flag("other")).isEmpty();
      assertThat(all.strings("other")).isEmpty();
      assertThat(all.section("other")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2e-5, 2e-5", "1.5E3, 1500", "-3, -3", "+.5e1, 5", "7, 7", "0.25, 0.25"})
    void areNumbersAsPeopleWriteThem(String written, double number) throws IOException {
      assertThat(read("rate: " + written).number("rate")).hasValue(number);
    }

    @Test
    void keepTheSpaceOfQuotedText() throws IOException {
      assertThat(read("text: \"Represent the note: \"").string("text"))
          .contains("Represent the note: ");
    }
  }

  @Nested
  class Errors {
    @Test
    void nameTheKeyAndWhatItMayHaveBeen() throws IOException {
      refuses(
          "instuctions: no",
          all -> all.only("files", "instructions"),
          "'instuctions' is unknown",
          "did you mean instructions?");
    }

    @Test
    void listTheKeysWhereNoneIsNear() throws IOException {
      refuses("colour: red", all -> all.only("files", "name"), "the keys are files, name");
    }

    @Test
    void nameTheWholePlace() throws IOException {
      refuses(
          "model:\n  layers: six",
          all -> all.section("model").orElseThrow().integer("layers"),
          "'model.layers' is 'six'",
          "expected an integer");
    }

    @Test
    void sayWhatWasExpected() throws IOException {
      refuses("a: no", all -> all.string("a"), "'a' is 'false'", "quote it");
      refuses("a: 2024-02-03", all -> all.string("a"), "quote it");
      refuses("a: 3.0", all -> all.integer("a"), "expected an integer");
      refuses("a: 99999999999999999999", all -> all.integer("a"), "64 bits");
      refuses("a: .nan", all -> all.number("a"), "a finite number");
      refuses("a: 1e9999", all -> all.number("a"), "a finite number");
      refuses("a: much", all -> all.number("a"), "a finite number");
      refuses("a: 1", all -> all.flag("a"), "true or false");
      refuses("a: one", all -> all.strings("a"), "a list of texts");
      refuses("a: [one, 2]", all -> all.strings("a"), "'2'", "only texts");
      refuses("a: [one]", all -> all.section("a"), "'a' is a list", "a mapping");
      refuses("a:", all -> all.string("a"), "has no value");
      refuses(
          "a: x",
          all -> {
            throw all.missing("b", "a word");
          },
          "'b' is missing",
          "a word");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "just text",
        "- a\n- b",
        "{}",
        "a: 1\na: 2",
        "a: &x 1\nb: *x",
        "a: !!binary aGk=",
        "a: !!javax.script.ScriptEngineManager []",
        "a: !local b",
        "!!set {a, b}",
        "a: 1\n---\nb: 2",
        "1: a",
        "true: a",
        "? [a]\n: b",
        "? {a: b}\n: c",
        "a: [",
        "a: \"\u0001\"",
        "a: {b: {c: {d: {e: {f: {g: {h: {i: 1}}}}}}}}"
      })
  void refusesWhatIsNoPlainMapping(String content) {
    assertThatThrownBy(() -> read(content))
        .isInstanceOf(YamlException.class)
        .hasMessageContaining("settings.yaml is refused");
  }

  @Test
  @Timeout(10) // a few milliseconds; minutes where the whole file is looked at
  void refusesADeepFileQuickly() {
    assertThatThrownBy(() -> read("a: " + "[".repeat(200_000))).isInstanceOf(YamlException.class);
  }

  @Test
  void refusesALargeFile() {
    assertThatThrownBy(() -> read("a: " + "b".repeat(1 << 20)))
        .isInstanceOf(YamlException.class)
        .hasMessageContaining("larger than");
  }

  @Test
  void refusesOtherEncodings() throws IOException {
    Path file =
        Files.write(
            folder.resolve("old.yaml"), "a: caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> YamlFile.read(file))
        .isInstanceOf(YamlException.class)
        .hasMessageContaining("UTF-8");
  }

  @Test
  void namesAFileThatIsNotThere() {
    assertThatThrownBy(() -> YamlFile.read(folder.resolve("none.yaml")))
        .isInstanceOf(YamlException.class)
        .hasMessageContaining("none.yaml is refused: it cannot be read");
  }
}
