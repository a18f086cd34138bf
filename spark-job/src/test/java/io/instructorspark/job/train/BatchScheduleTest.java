package io.instructorspark.job.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.instructorspark.engine.training.Negatives;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which records a step trains on. */
class BatchScheduleTest {
  private static PreparedTask task(String name, int records, double weight, double from) {
    return new PreparedTask(
        name, name + ".jsonl", records, 0, 1, weight, from, Negatives.BATCH, 0, List.of());
  }

  private static BatchSchedule schedule(
      int steps, int batchSize, Sampling sampling, PreparedTask... tasks) {
    return new BatchSchedule(
        List.of(tasks), new RecipeSettings.Batches(steps, batchSize, batchSize, 64, sampling, 17));
  }

  private static double[] shares(BatchSchedule schedule, int steps) {
    return IntStream.of(schedule.stepsOfTasks()).mapToDouble(n -> (double) n / steps).toArray();
  }

  @Test
  void isTheSameWhereverItIsAsked() {
    PreparedTask[] tasks = {task("a", 500, 1, 0), task("b", 90, 1, 0)};
    BatchSchedule one = schedule(200, 8, Sampling.SQRT, tasks);
    BatchSchedule other = schedule(200, 8, Sampling.SQRT, tasks);
    for (int step = 199; step >= 0; step--) {
      assertThat(one.batch(step).task()).isEqualTo(other.batch(step).task());
      assertThat(one.batch(step).records()).isEqualTo(other.batch(step).records());
    }
  }

  @Test
  void drawsNoRecordTwiceInARound() {
    BatchSchedule schedule =
        schedule(300, 7, Sampling.SQRT, task("a", 100, 1, 0), task("b", 40, 1, 0));
    Map<Integer, List<Integer>> drawn = new HashMap<>();
    for (int step = 0; step < 300; step++) {
      BatchSchedule.Batch batch = schedule.batch(step);
      assertThat(batch.records()).hasSize(7);
      List<Integer> ofTask = drawn.computeIfAbsent(batch.task(), task -> new ArrayList<>());
      IntStream.of(batch.records()).forEach(ofTask::add);
    }
    drawn.forEach(
        (task, records) -> {
          int count = task == 0 ? 100 : 40;
          int round = count / 7 * 7;
          for (int from = 0; from + round <= records.size(); from += round) {
            assertThat(records.subList(from, from + round)).doesNotHaveDuplicates();
          }
          assertThat(records).allMatch(record -> record >= 0 && record < count);
          assertThat(records.subList(0, round)).isNotEqualTo(records.subList(round, 2 * round));
        });
  }

  @Test
  void goesThroughAllRecordsWithTheRounds() {
    BatchSchedule schedule = schedule(60, 8, Sampling.SQRT, task("a", 20, 1, 0));
    assertThat(
            IntStream.range(0, 60)
                .flatMap(step -> IntStream.of(schedule.batch(step).records()))
                .distinct()
                .count())
        .isEqualTo(20);
  }

  @Test
  void givesTasksTheirShares() {
    PreparedTask[] tasks = {
      task("a", 10_000, 1, 0), task("b", 2_500, 1, 0), task("c", 2_500, 3, 0)
    };
    assertThat(shares(schedule(30_000, 4, Sampling.SQRT, tasks), 30_000))
        .containsExactly(new double[] {1 / 3.0, 1 / 6.0, 1 / 2.0}, within(0.015));
    assertThat(shares(schedule(30_000, 4, Sampling.PROPORTIONAL, tasks), 30_000))
        .containsExactly(new double[] {0.5, 0.125, 0.375}, within(0.015));
    assertThat(shares(schedule(30_000, 4, Sampling.UNIFORM, tasks), 30_000))
        .containsExactly(new double[] {0.2, 0.2, 0.6}, within(0.015));
  }

  @Test
  void beginsWithATaskWhenItsTimeHasCome() {
    BatchSchedule schedule =
        schedule(1_000, 4, Sampling.UNIFORM, task("a", 50, 1, 0), task("b", 50, 1, 0.4));
    assertThat(IntStream.range(0, 400).map(step -> schedule.batch(step).task())).containsOnly(0);
    assertThat(IntStream.range(400, 1_000).filter(step -> schedule.batch(step).task() == 1).count())
        .isBetween(250L, 350L);
  }

  @Test
  void passesOverTasksThatAreTooSmall() {
    BatchSchedule schedule =
        schedule(
            200,
            16,
            Sampling.UNIFORM,
            task("small", 15, 9, 0),
            task("b", 16, 1, 0),
            task("last", 3, 9, 0));
    assertThat(schedule.tooSmall()).extracting(PreparedTask::name).containsExactly("small", "last");
    assertThat(schedule.stepsOfTasks()).containsExactly(0, 200, 0);
  }

  @Test
  void refusesToBeginWithNothing() {
    assertThatThrownBy(() -> schedule(10, 64, Sampling.SQRT, task("a", 63, 1, 0)))
        .isInstanceOf(PreparationException.class)
        .hasMessageContainingAll("64", "63", "training.batchSize");
    assertThatThrownBy(
            () -> schedule(10, 8, Sampling.SQRT, task("a", 9, 1, 0.5), task("b", 7, 1, 0)))
        .isInstanceOf(PreparationException.class)
        .hasMessageContaining("from the beginning");
  }

  @Test
  void knowsAMillionSteps() {
    BatchSchedule schedule =
        schedule(1_000_000, 32, Sampling.SQRT, task("a", 1_000_000, 1, 0), task("b", 40, 1, 0.9));
    assertThat(schedule.batch(999_999).records()).doesNotHaveDuplicates().hasSize(32);
  }
}
