package io.instructorspark.job.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tasks are read strictly, and the instructions they are scored with follow from them. */
class SuiteTest {
  private static final String OWN = "Represent the travel sentence for classifying its topic: ";

  @TempDir Path folder;

  private Suite small() throws IOException {
    return Suite.read(new SmallSuite(folder).all().folder());
  }

  private static TaskSpec task(Suite suite, String name) {
    return suite.all().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void readsATaskOfEachCategory() throws IOException {
    Suite suite = small();
    assertThat(suite.all()).extracting(TaskSpec::category).containsOnly(Category.values());
    assertThat(suite.all()).extracting(TaskSpec::name).isSorted().hasSize(10);
    assertThat(task(suite, "prompts").domain()).contains("travel");
    assertThat(task(suite, "search").files()).containsOnlyKeys("queries", "corpus", "qrels");
  }

  @Test
  void choosesByGlobAndCategory() throws IOException {
    Suite suite = small();
    assertThat(suite.only(List.of("scored-*"), Set.of()).chosen()).hasSize(2);
    assertThat(suite.only(List.of("scored-*"), Set.of(Category.SUMMARISATION)).chosen())
        .extracting(TaskSpec::name)
        .containsExactly("scored-summaries");
    assertThatThrownBy(() -> suite.only(List.of("topics"), Set.of(Category.STS)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "category: sts | category: stss | did you mean sts?",
        "metric: spearman | metric: pearson | are scored by 'spearman'",
        "metric: spearman | metrik: spearman | did you mean metric?",
        "pairs: alike.jsonl | pairs: gone.jsonl | there is no such file",
        "pairs: alike.jsonl | pair: alike.jsonl | did you mean pairs?",
        "pairs: alike.jsonl | {} | 'files.pairs' is missing",
        "text: \"Represent the statement: \" | text: \"\" | 'instructions.text' is missing",
        "text: \"Represent the statement: \" | text: \"@no-such-name\" | No instruction is named",
        "name: alike | name: \"../alike\" | must be at most 100 letters",
        "name: alike | nome: alike | did you mean name",
        "metric: spearman | 'metric: spearman\nprocedure: folds' | 'procedure' is 'folds'",
      })
  void refusesWhatIsNotATask(String right, String wrong, String said) throws IOException {
    new SmallSuite(folder).all();
    Path file = folder.resolve("alike.yaml");
    Files.writeString(file, Files.readString(file).replace(right, wrong));
    assertThatThrownBy(() -> Suite.read(folder))
        .hasMessageContaining("alike.yaml")
        .hasMessageContaining(said);
  }

  @Test
  void refusesTwoTasksOfOneName() throws IOException {
    new SmallSuite(folder).all();
    Files.copy(folder.resolve("alike.yaml"), folder.resolve("zebra.yaml"));
    assertThatThrownBy(() -> Suite.read(folder))
        .hasMessageContainingAll("alike.yaml", "zebra.yaml", "'alike'");
  }

  @Test
  void refusesOtherThanFiveParaphrases() throws IOException {
    new SmallSuite(folder).all();
    Path file = folder.resolve("alike.yaml");
    Files.writeString(file, Files.readString(file) + "paraphrases:\n  text: [one, two]\n");
    assertThatThrownBy(() -> Suite.read(folder)).hasMessageContaining("has 2 sentences");
  }

  @Nested
  class Instructions {
    @Test
    void ofAnotherCategoryAreTheWrongOnes() throws IOException {
      Suite suite = small();
      Variants variants = new Variants(suite);
      for (TaskSpec task : suite.all()) {
        Variant wrong = variants.wrong(task);
        assertThat(wrong.instructions().values())
            .doesNotContainAnyElementsOf(task.instructions().values());
        assertThat(task(suite, wrong.origin()).category()).isNotEqualTo(task.category());
      }
      assertThat(variants.wrong(task(suite, "search")).instructions())
          .containsOnlyKeys("query", "document");
    }

    @Test
    void areWrongFromNoTaskWhereAllAreOfOneCategory() throws IOException {
      Suite suite = small();
      TaskSpec only = task(suite, "alike");
      Suite alone = new Suite(folder, List.of(only), List.of(only));
      assertThat(new Variants(alone).wrong(only).instruction("text")).contains("chess");
    }

    @Test
    void areToldApartIntoTheirParts() {
      assertThat(InstructionParts.of(OWN))
          .contains(new InstructionParts("travel sentence", Optional.of("classifying its topic")));
      assertThat(InstructionParts.of("Represent the statement: "))
          .contains(new InstructionParts("statement", Optional.empty()));
      assertThat(InstructionParts.of("Represent the map question for retrieving; Input: "))
          .contains(new InstructionParts("map question", Optional.of("retrieving")));
      assertThat(InstructionParts.of("Say it: ")).isEmpty();
    }

    @Test
    void areMadeSimplerAsThePaperDoes() {
      assertThat(InstructionParts.of("Represent the Wikipedia question for retrieval: "))
          .map(InstructionParts::simple)
          .contains("Wikipedia Questions; Input: ");
      assertThat(InstructionParts.of("Represent the story: "))
          .map(InstructionParts::simple)
          .contains("Stories; Input: ");
      assertThat(InstructionParts.tag("natural_questions")).isEqualTo("Natural Questions; Input: ");
    }

    @Test
    void areParaphrasedInFiveSentences() throws IOException {
      List<Variant> five = Variants.paraphrases(task(small(), "topics"));
      assertThat(five).extracting(one -> one.instruction("text")).doesNotHaveDuplicates();
      assertThat(five)
          .hasSize(5)
          .allSatisfy(
              one ->
                  assertThat(one.instruction("text"))
                      .contains("travel sentence", "classifying its topic")
                      .endsWith(": ")
                      .isNotEqualTo(OWN));
    }

    @Test
    void areParaphrasedAsTheFileSays() {
      TaskSpec task =
          new TaskSpec(
              "any",
              Category.STS,
              Procedure.MTEB,
              Map.of(),
              Map.of("text", "Say it: "),
              Map.of("text", List.of("a", "b", "c", "d", "e")),
              Optional.empty());
      assertThat(Variants.paraphrases(task).get(4).instruction("text")).isEqualTo("e");
    }
  }
}
