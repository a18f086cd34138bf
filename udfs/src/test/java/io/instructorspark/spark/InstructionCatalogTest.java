package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.instructorspark.text.NamedInstruction;
import io.instructorspark.text.NamedInstructions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstructionCatalogTest {
  @TempDir Path folder;

  private NamedInstructions loaded(String yaml) {
    try {
      return InstructionCatalog.load(Files.writeString(folder.resolve("mine.yaml"), yaml));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ThrowableAssertAlternative<?> refused(String yaml) {
    return assertThatIllegalArgumentException()
        .isThrownBy(() -> loaded(yaml))
        .withMessageContaining("mine.yaml");
  }

  static Stream<NamedInstruction> builtIn() {
    return InstructionCatalog.builtIn().all().stream();
  }

  @Nested
  class TheBuiltInCatalogue {
    @Test
    void isReadOnce() {
      assertThat(InstructionCatalog.builtIn()).isSameAs(InstructionCatalog.builtIn());
    }

    @Test
    void coversTheTasksPeopleHave() {
      assertThat(builtIn())
          .hasSizeBetween(35, 45)
          .extracting(NamedInstruction::name)
          .contains(
              "retrieval-query",
              "retrieval-document",
              "classify-sentiment-review",
              "cluster-topic");
    }

    @ParameterizedTest
    @MethodSource("io.instructorspark.spark.InstructionCatalogTest#builtIn")
    void speaksAsTheTrainingDataDoes(NamedInstruction entry) {
      assertThat(entry.instruction()).startsWith("Represent the ").endsWith(": ");
    }

    @Test
    void pairsEveryQuerySideWithADocumentSide() {
      assertThat(builtIn().map(NamedInstruction::name).filter(n -> n.contains("-query")))
          .allSatisfy(
              query ->
                  assertThat(
                          InstructionCatalog.builtIn().find(query.replace("-query", "-document")))
                      .isPresent());
    }

    @Test
    void isTheFileInConf() {
      assertThat(InstructionCatalog.load(Path.of("..", "conf", "instructions.yaml")))
          .isEqualTo(InstructionCatalog.builtIn());
    }
  }

  @Nested
  class AFile {
    @Test
    void buildsInstructionsFromTheirParts() {
      assertThat(loaded("a: {domain: Science, text_type: title, objective: x, use: u}").all())
          .containsExactly(new NamedInstruction("a", "Represent the Science title for x: ", "u"));
    }

    @Test
    void takesALiteralAsItIs() {
      assertThat(loaded("a: {instruction: ' Say  it:', use: u}").get("a").instruction())
          .isEqualTo(" Say  it:");
    }

    @Test
    void keepsItsOrder() {
      assertThat(loaded("z: {domain: Z, use: u}\na: {domain: A, use: u}").all())
          .extracting(NamedInstruction::name)
          .containsExactly("z", "a");
    }

    @Test
    void thatIsMissingIsNamed() {
      assertThatExceptionOfType(UncheckedIOException.class)
          .isThrownBy(() -> InstructionCatalog.load(folder.resolve("absent.yaml")))
          .withMessageContaining("absent.yaml")
          .withMessageContaining("NoSuchFile");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# only a comment", "{}", "[]", "text", "- a"})
    void withoutEntriesIsRefused(String yaml) {
      refused(yaml).withMessageContaining("no mapping of names");
    }

    @Test
    void thatIsNotUtf8IsRefused() throws IOException {
      Path latin =
          Files.write(folder.resolve("latin.yaml"), new byte[] {'a', ':', ' ', (byte) 0xE9});
      assertThatIllegalArgumentException()
          .isThrownBy(() -> InstructionCatalog.load(latin))
          .withMessageContaining("latin.yaml")
          .withMessageContaining("UTF-8");
    }
  }

  @Nested
  class AnEntry {
    @Test
    void withAnUnknownFieldIsRefused() {
      refused("a: {domian: Science, use: u}")
          .withMessageContaining("a has the field 'domian'")
          .withMessageContaining("text_type");
    }

    @Test
    void withAFieldThatIsNoNameIsRefused() {
      refused("a: {~: Science, use: u}").withMessageContaining("a has the field 'null'");
    }

    @Test
    void withBothPartsAndALiteralIsRefused() {
      refused("a: {domain: Science, instruction: 'X: ', use: u}")
          .withMessageContaining("a has both parts and a literal");
    }

    @Test
    void withNeitherIsRefused() {
      refused("a: {use: u}").withMessageContaining("a has no instruction");
    }

    @Test
    void withoutAUseIsRefused() {
      refused("a: {domain: Science}").withMessageContaining("a has no 'use'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2024", "true", "2024-02-29", "~", "[Science]", "{a: b}"})
    void withAPartThatIsNotTextIsRefused(String domain) {
      refused("a: {domain: %s, use: u}".formatted(domain)).withMessageContaining("quote it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: text", "a: [1]", "a:"})
    void thatIsNoMappingIsRefused(String yaml) {
      refused(yaml).withMessageContaining("a is no mapping");
    }

    @Test
    void whoseNameIsNotTextIsRefused() {
      refused("2024: {domain: Science, use: u}").withMessageContaining("the name 2024");
    }

    @Test
    void whoseNameIsOfAnotherKindIsRefused() {
      refused("A_b: {domain: Science, use: u}").withMessageContaining("\"A_b\" cannot name");
    }

    @Test
    void givenTwiceIsRefused() {
      refused("a: {domain: A, use: u}\na: {domain: B, use: u}")
          .withMessageContaining("duplicate key a");
    }
  }

  @Nested
  class HostileYaml {
    @Test
    void thatMultipliesByAliasesIsRefused() {
      StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
      for (int i = 1; i < 40; i++) {
        bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
      }
      refused(bomb.toString()).withMessageContaining("alias *a0");
    }

    @Test
    void thatRepeatsATextByAliasesIsRefused() {
      refused("a: {domain: &d Science, use: *d}").withMessageContaining("alias *d");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "a: !!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[]]]",
          "!!io.instructorspark.text.NamedInstruction {name: a}",
          "a: {domain: !!java.io.File /etc/passwd, use: u}",
          "a: {domain: !mine x, use: u}"
        })
    void thatNamesATypeIsRefused(String yaml) {
      refused(yaml).withMessageContaining(" tag");
    }

    @Test
    void thatNestsDeeplyIsRefused() {
      refused("a: " + "[".repeat(500_000) + "]".repeat(500_000))
          .withMessageContaining("more than 4 levels deep");
    }

    @Test
    void thatIsTooLargeIsRefused() {
      refused("# " + "x".repeat(1 << 20)).withMessageContaining("larger than 1048576 bytes");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"a: {", "a: b: c", "\t- x", "a: 'open", "---\na: 1\n---\nb: 1", "a: \u0001"})
    void thatIsBrokenIsRefused(String yaml) {
      refused(yaml).withMessageContaining("is not plain YAML");
    }
  }

  @Nested
  class TheCatalogueInForce {
    @AfterEach
    void forgetTheFile() {
      System.clearProperty(InstructionCatalog.PROPERTY);
    }

    @Test
    void isTheBuiltInOneByDefault() {
      assertThat(InstructionCatalog.current()).isSameAs(InstructionCatalog.builtIn());
    }

    @Test
    void isTheFileThatThePropertyNames() {
      NamedInstructions mine = loaded("a: {domain: Science, use: u}");
      System.setProperty(InstructionCatalog.PROPERTY, folder.resolve("mine.yaml").toString());
      assertThat(InstructionCatalog.current()).isEqualTo(mine);
    }
  }
}
