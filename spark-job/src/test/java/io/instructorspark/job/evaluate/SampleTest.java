package io.instructorspark.job.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Intervals, paired differences and means over tasks. */
class SampleTest {
  private static final ScoringSettings SETTINGS = new ScoringSettings(16, 10, 3, 2_000, 7);

  private static MeanOutcome halves(int items, double shift) {
    return new MeanOutcome(IntStream.range(0, items).mapToDouble(i -> i % 2 + shift).toArray());
  }

  @Test
  void hasTheIntervalOfTheBinomialForAShare() { // 0.5 ± 1.96 · √(0.25 / 400)
    Estimate share = Sample.of(halves(400, 0), "task", SETTINGS).estimate();
    assertThat(share.value()).isEqualTo(0.5);
    assertThat(share.low()).isCloseTo(0.451, within(0.006));
    assertThat(share.high()).isCloseTo(0.549, within(0.006));
  }

  @Test
  void pairsDifferencesByItem() {
    Sample one = Sample.of(halves(50, 0.25), "task", SETTINGS);
    Sample other = Sample.of(halves(50, 0), "task", SETTINGS);
    Estimate gap = one.minus(other).estimate();
    assertThat(gap.value()).isCloseTo(0.25, within(1e-12));
    assertThat(gap.low()).isCloseTo(0.25, within(1e-12));
    assertThat(gap.high()).isCloseTo(0.25, within(1e-12));
    assertThat(gap.isNoise()).isFalse();
  }

  @Test
  void drawsDifferentlyForDifferentTasks() {
    assertThat(Sample.of(halves(50, 0), "one", SETTINGS).resampled())
        .isNotEqualTo(Sample.of(halves(50, 0), "other", SETTINGS).resampled());
  }

  @Test
  void isWiderOverTasksThatDiffer() {
    List<Sample> tasks =
        List.of(
            Sample.of(halves(400, 0), "a", SETTINGS),
            Sample.of(halves(400, 0.4), "b", SETTINGS),
            Sample.of(halves(400, -0.4), "c", SETTINGS));
    Estimate resampled = Sample.overTasks(tasks, 1).estimate();
    Estimate fixed = Sample.mean(tasks).estimate();
    assertThat(resampled.value()).isCloseTo(fixed.value(), within(1e-12));
    assertThat(resampled.high() - resampled.low()).isGreaterThan(5 * (fixed.high() - fixed.low()));
  }

  @Test
  void isCertainOfOneItem() {
    Estimate one = Sample.of(new MeanOutcome(new double[] {0.7}), "task", SETTINGS).estimate();
    assertThat(one).isEqualTo(new Estimate(0.7, 0.7, 0.7));
  }

  @Test
  void countsAResampleWithoutAScoreAsTheWhole() {
    boolean[] relevant = {true, false, false};
    Sample sample =
        Sample.of(new AveragePrecision(new double[] {3, 2, 1}, relevant), "task", SETTINGS);
    assertThat(Arrays.stream(sample.resampled()).allMatch(Double::isFinite)).isTrue();
    assertThat(sample.value()).isEqualTo(1);
  }

  @Test
  void judgesEachRowOnceInFolds() {
    List<List<Integer>> byLabel =
        List.of(IntStream.range(0, 30).boxed().toList(), IntStream.range(30, 45).boxed().toList());
    Fits folds = Fits.folds(byLabel, 1);
    assertThat(folds.all()).hasSize(10);
    assertThat(folds.all().stream().mapToInt(fit -> fit.judged().length).sum()).isEqualTo(45);
    assertThat(folds.judged()).hasSize(45);
    assertThat(folds.all())
        .allSatisfy(fit -> assertThat(fit.learned()).doesNotContain(fit.judged()));
  }

  @Test
  void drawsAtMostSoManyOfALabelAndJudgesTheRest() {
    List<List<Integer>> byLabel =
        List.of(
            IntStream.range(0, 100).boxed().toList(), IntStream.range(100, 106).boxed().toList());
    Fits draws = Fits.draws(byLabel, 106, SETTINGS);
    assertThat(draws.all())
        .allSatisfy(
            fit -> {
              assertThat(Arrays.stream(fit.learned()).filter(row -> row < 100)).hasSize(16);
              assertThat(Arrays.stream(fit.learned()).filter(row -> row >= 100)).hasSize(3);
              assertThat(fit.judged()).hasSize(87);
            });
    assertThat(draws.all().get(0).learned()).isNotEqualTo(draws.all().get(1).learned());
  }
}
