package io.instructorspark.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.instructorspark.engine.training.Example.Side;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What is set against what. */
class TrainingBatchTest {
  private static Example pair(String query, String positive, String negative) {
    return labelled(query, positive, negative, null);
  }

  private static Example labelled(String query, String positive, String negative, String label) {
    return new Example(
        new Side("Q: ", query),
        new Side("P: ", positive),
        negative == null ? null : new Side("N: ", negative),
        label);
  }

  /** Rows of 0 and 1. */
  private static List<String> rows(boolean[] against, int rows) {
    int columns = against.length / rows;
    return java.util.stream.IntStream.range(0, rows)
        .mapToObj(
            row -> {
              StringBuilder text = new StringBuilder();
              for (int column = 0; column < columns; column++) {
                text.append(against[row * columns + column] ? '1' : '0');
              }
              return text.toString();
            })
        .toList();
  }

  private static void assertSets(
      Negatives negatives, List<Example> examples, List<String> forth, List<String> back) {
    TrainingBatch batch = TrainingBatch.of(examples, negatives, 0.05);
    assertThat(rows(batch.contrast().forth(), examples.size())).as("forth").isEqualTo(forth);
    assertThat(rows(batch.contrast().back(), examples.size())).as("back").isEqualTo(back);
  }

  @Nested
  class AsInThePaper {
    @Test
    void setsAQueryAgainstAllNegativesAndAPositiveAgainstAllQueries() {
      assertSets(
          Negatives.BATCH,
          List.of(pair("a", "b", "c"), pair("d", "e", "f")),
          List.of("1011", "0111"),
          List.of("1100", "1100"));
    }

    @Test
    void letsAPositiveStandForANegativeThatIsNotThere() {
      assertSets(
          Negatives.BATCH,
          List.of(pair("a", "b", "c"), pair("d", "e", null), pair("g", "h", null)),
          List.of("1111", "0111", "0111"),
          List.of("1110", "1110", "1110"));
    }

    @Test
    void leavesOutEqualTexts() {
      assertSets(
          Negatives.BATCH,
          List.of(pair("a", "b", "c"), pair("d", "b", "a"), pair("a", "h", "b")),
          List.of("100100", "010110", "001101"),
          List.of("110000", "111000", "011000"));
    }

    @Test
    void leavesOutEqualLabels() {
      assertSets(
          Negatives.BATCH,
          List.of(
              labelled("a", "b", "c", "x"),
              labelled("d", "e", "f", "x"),
              labelled("g", "h", "i", "y")),
          List.of("100100", "010010", "001001"),
          List.of("101000", "011000", "111000"));
    }
  }

  @Test
  void addsOtherPositivesWhereAsked() {
    assertSets(
        Negatives.BATCH_AND_POSITIVES,
        List.of(pair("a", "b", "c"), pair("d", "e", "f")),
        List.of("1111", "1111"),
        List.of("1100", "1100"));
  }

  @Test
  void setsAPairAgainstItsOwnNegativeAlone() {
    assertSets(
        Negatives.OWN,
        List.of(pair("a", "b", "c"), pair("d", "e", "f")),
        List.of("1010", "0101"),
        List.of("1010", "0101"));
  }

  @Test
  void refusesAPairWithoutTheNegativeThatItIsToBeSetAgainst() {
    List<Example> examples = List.of(pair("a", "b", null));
    assertThatThrownBy(() -> TrainingBatch.of(examples, Negatives.OWN, 0.05))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has no negative");
  }

  @Test
  void putsQueriesBeforePositivesBeforeNegatives() {
    TrainingBatch batch =
        TrainingBatch.of(List.of(pair("a", "b", null), pair("d", "e", "f")), Negatives.BATCH, 0.05);
    assertThat(batch.texts()).containsExactly("a", "d", "b", "e", "f");
    assertThat(batch.instructions()).containsExactly("Q: ", "Q: ", "P: ", "P: ", "N: ");
    assertThat(batch.size()).isEqualTo(2);
  }
}
