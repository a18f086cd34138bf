package io.instructorspark.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamedInstructionsTest {
  private static final NamedInstructions CATALOGUE =
      named("retrieval-query", "retrieval-document", "cluster-topic", "classify-topic");

  private static NamedInstructions named(String... names) {
    return new NamedInstructions(
        Stream.of(names)
            .map(name -> new NamedInstruction(name, "Represent the " + name + ": ", "a test"))
            .toList());
  }

  @Nested
  class Resolving {
    @Test
    void givesTheNamedInstruction() {
      assertThat(CATALOGUE.resolve("@cluster-topic")).isEqualTo("Represent the cluster-topic: ");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"", " ", "Represent the text: ", "cluster-topic", " @cluster-topic", "a@b"})
    void leavesAnythingElseAsItIs(String instruction) {
      assertThat(CATALOGUE.resolve(instruction)).isSameAs(instruction);
    }

    @ParameterizedTest
    @CsvSource({"@@x, @x", "@@cluster-topic, @cluster-topic", "@@, @", "@@@, @@"})
    void takesADoubledMarkLiterally(String instruction, String literal) {
      assertThat(CATALOGUE.resolve(instruction)).isEqualTo(literal);
    }

    @Test
    void refusesAnUnknownName() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> CATALOGUE.resolve("@cluster-topics"))
          .withMessageContaining("\"cluster-topics\"")
          .withMessageContaining("Did you mean cluster-topic")
          .withMessageContaining("@@");
    }

    @Test
    void refusesTheMarkAlone() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> CATALOGUE.resolve("@"))
          .withMessageContaining("\"\"")
          .withMessageNotContaining("Did you mean");
    }
  }

  @Nested
  class Finding {
    @Test
    void givesTheEntry() {
      assertThat(CATALOGUE.find("retrieval-query"))
          .get()
          .extracting(NamedInstruction::name)
          .isEqualTo("retrieval-query");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "retrieval", "Retrieval-Query", "@retrieval-query"})
    void givesNothingForAnotherName(String name) {
      assertThat(CATALOGUE.find(name)).isEmpty();
    }

    @Test
    void keepsTheOrderOfTheFile() {
      assertThat(CATALOGUE.all())
          .extracting(NamedInstruction::name)
          .containsExactly(
              "retrieval-query", "retrieval-document", "cluster-topic", "classify-topic");
    }
  }

  @Nested
  class SuggestingNames {
    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
      "retreival-query,  retrieval-query",
      "retrieval-querry, retrieval-query",
      "Retrieval-Query,  retrieval-query",
      "retrieval,        'retrieval-query, retrieval-document'",
      "retreival,        'retrieval-query, retrieval-document'",
      "topic,            'cluster-topic, classify-topic'",
      "cluster-topic-news, cluster-topic",
    })
    void findsSlipsBeginningsAndParts(String wanted, String nearest) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> CATALOGUE.get(wanted))
          .withMessageContaining("Did you mean %s?".formatted(nearest));
    }

    @Test
    void namesFiveAtMost() {
      NamedInstructions many =
          named(IntStream.range(0, 9).mapToObj(i -> "near-" + i).toArray(String[]::new));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> many.get("near"))
          .withMessageContaining("near-0, near-1, near-2, near-3, near-4?");
    }

    @Test
    void namesNoneWhereNoneIsNear() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> CATALOGUE.get("zebra"))
          .withMessageNotContaining("Did you mean");
    }

    @Test
    void saysHowToListAll() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> CATALOGUE.get("zebra"))
          .withMessageContaining("`instructor instructions list` shows all 4");
    }

    @Test
    void staysShortForATextTakenForAName() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> CATALOGUE.get("somebody wrote ".repeat(100_000)))
          .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
    }
  }

  @Nested
  class Construction {
    @Test
    void refusesANameTwice() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> named("one", "two", "one"))
          .withMessageContaining("Two instructions are named one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-a", "A", "a b", "a_b", "@a", "é", "a\n"})
    void refusesOtherNames(String name) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> named(name))
          .withMessageContaining("\"" + name + "\" cannot name an instruction");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "a-b", "9-lives", "a-"})
    void takesLettersDigitsAndHyphens(String name) {
      assertThat(named(name).find(name)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "\u00A0"})
    void refusesABlankInstruction(String blank) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new NamedInstruction("one", blank, "a test"))
          .withMessageContaining("one is blank");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "two\nlines"})
    void refusesAUseThatIsNotOneLine(String use) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new NamedInstruction("one", "Represent it: ", use))
          .withMessageContaining("one needs one line");
    }

    @Test
    void copiesItsEntries() {
      List<NamedInstruction> entries = new ArrayList<>(CATALOGUE.all());
      NamedInstructions copy = new NamedInstructions(entries);
      entries.clear();
      assertThat(copy).isEqualTo(CATALOGUE);
    }
  }
}
