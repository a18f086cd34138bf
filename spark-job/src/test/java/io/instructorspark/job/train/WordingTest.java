package io.instructorspark.job.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.instructorspark.engine.Precision;
import io.instructorspark.engine.training.Example;
import io.instructorspark.engine.training.Example.Side;
import io.instructorspark.engine.training.Negatives;
import io.instructorspark.engine.training.RateSchedule;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which instruction a record has this time. */
class WordingTest {
  private static final Example EXAMPLE =
      new Example(
          new Side("Represent the note: ", "buy oats"),
          new Side("Represent the list: ", "oats, milk"),
          new Side("Represent the note: ", "call Ada"),
          null);

  private static Wording wording(double dropout, Map<String, List<String>> paraphrases) {
    DataSource data =
        new DataSource(
            List.of(),
            Optional.empty(),
            Instructions.OF_RECORDS,
            paraphrases,
            TaskShare.WHOLE,
            Negatives.BATCH);
    RecipeSettings settings =
        new RecipeSettings(
            new RecipeSettings.Batches(10, 4, 4, 64, Sampling.SQRT, 5),
            new RecipeSettings.Optimizer(1e-5, 1e-5, 0, RateSchedule.LINEAR, 0, 1, 0.9, 0.999),
            0.01,
            0,
            dropout,
            Precision.FP32,
            100);
    return new Wording(
        new Recipe(
            Path.of("."),
            new FineTuned("builtin:instructor-mini"),
            List.of(data),
            Optional.empty(),
            List.of(),
            settings));
  }

  @Test
  void isThatOfTheRecordWhereTheRecipeSaysNothing() {
    assertThat(wording(0, Map.of()).of(EXAMPLE, 0, 3, 1)).isEqualTo(EXAMPLE);
  }

  @Test
  void isOneOfTheParaphrasesAsOftenAsAnother() {
    Wording wording =
        wording(0, Map.of("Represent the note: ", List.of("Encode the note: ", "The note: ")));
    Map<String, Long> counts =
        IntStream.range(0, 3_000)
            .mapToObj(step -> wording.of(EXAMPLE, 0, step, 0).query().instruction())
            .collect(Collectors.groupingBy(used -> used, Collectors.counting()));
    assertThat(counts).hasSize(3).allSatisfy((used, n) -> assertThat(n).isBetween(900L, 1_100L));
    assertThat(wording.of(EXAMPLE, 0, 1, 0).positive()).isEqualTo(EXAMPLE.positive());
    assertThat(wording.of(EXAMPLE, 0, 1, 0)).isEqualTo(wording.of(EXAMPLE, 0, 1, 0));
  }

  @Test
  void leavesOutAllInstructionsOfAShareOfTheRecords() {
    Wording wording = wording(0.25, Map.of());
    List<Example> seen =
        IntStream.range(0, 4_000).mapToObj(i -> wording.of(EXAMPLE, 0, i / 8, i % 8)).toList();
    long without = seen.stream().filter(e -> e.query().instruction().isEmpty()).count();
    assertThat(without).isBetween(900L, 1_100L);
    assertThat(seen)
        .allSatisfy(
            e ->
                assertThat(e.query().instruction().isEmpty())
                    .isEqualTo(e.negative().instruction().isEmpty())
                    .isEqualTo(e.positive().instruction().isEmpty()))
        .allSatisfy(e -> assertThat(e.query().text()).isEqualTo("buy oats"));
  }
}
