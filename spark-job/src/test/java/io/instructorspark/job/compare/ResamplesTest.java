package io.instructorspark.job.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ResamplesTest {
  private static Resamples of(int resamples, long seed, double[]... rows) {
    Resamples sums = new Resamples(resamples, rows[0].length, seed);
    for (int row = 0; row < rows.length; row++) {
      sums.add(row, rows[row]);
    }
    return sums;
  }

  private static double width(Estimate of) {
    return of.high() - of.low();
  }

  /** Rows that are right with one probability under both, and mostly right together. */
  private static double[][] twoAlike(int rows, long seed) {
    Random random = new Random(seed);
    double[][] outcomes = new double[rows][2];
    for (double[] row : outcomes) {
      row[0] = random.nextDouble() < 0.6 ? 1 : 0;
      row[1] = random.nextDouble() < 0.1 ? 1 - row[0] : row[0];
    }
    return outcomes;
  }

  @Test
  void intervalsHoldTheTruthAsOftenAsTheySay() {
    Random random = new Random(5);
    int held = 0;
    for (int experiment = 0; experiment < 1000; experiment++) {
      double[][] rows = new double[150][1];
      for (double[] row : rows) {
        row[0] = random.nextDouble() < 0.7 ? 1 : 0;
      }
      Estimate mean = of(400, experiment, rows).mean(0);
      held += mean.low() <= 0.7 && 0.7 <= mean.high() ? 1 : 0;
    }
    assertThat(held).isBetween(920, 970);
  }

  @Test
  void intervalsOfDifferencesHoldZeroAsOftenAsTheySay() {
    int noise = 0;
    for (int experiment = 0; experiment < 1000; experiment++) {
      noise += of(400, experiment, twoAlike(200, experiment)).difference(0, 1).isNoise() ? 1 : 0;
    }
    // the second is right in 0.58 of the rows, so a few more differences than 5 % are found
    assertThat(noise).isBetween(850, 960);
  }

  @Test
  void intervalsAreAsWideAsTheStandardErrorSays() {
    double[][] rows = new double[2000][1];
    for (int i = 0; i < 600; i++) {
      rows[i][0] = 1;
    }
    Estimate mean = of(4000, 1, rows).mean(0);
    double error = Math.sqrt(0.3 * 0.7 / 2000);
    assertThat(mean.value()).isCloseTo(0.3, within(1e-12));
    assertThat(mean.low()).isCloseTo(0.3 - 1.96 * error, within(0.1 * error));
    assertThat(mean.high()).isCloseTo(0.3 + 1.96 * error, within(0.1 * error));
  }

  @Test
  void pairingNarrowsTheIntervalOfADifference() {
    double[][] both = twoAlike(500, 3);
    Resamples paired = of(2000, 1, both);
    double apart = Math.hypot(width(paired.mean(0)), width(paired.mean(1)));
    assertThat(width(paired.difference(0, 1))).isLessThan(0.5 * apart);
  }

  @Test
  void equalOutcomesDifferByNothing() {
    double[][] rows = new double[50][2];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new double[] {i % 3 / 2.0, i % 3 / 2.0};
    }
    Estimate difference = of(200, 1, rows).difference(0, 1);
    assertThat(difference).isEqualTo(new Estimate(0, 0, 0));
    assertThat(difference.isNoise()).isTrue();
  }

  @Test
  void partsAddUpToTheWholeInAnyOrder() {
    double[][] rows = twoAlike(100, 9);
    Resamples whole = of(300, 7, rows);
    Resamples first = new Resamples(300, 2, 7);
    Resamples second = new Resamples(300, 2, 7);
    for (int row = rows.length - 1; row >= 0; row--) {
      (row % 3 == 0 ? first : second).add(row, rows[row]);
    }
    assertThat(second.plus(first).rows()).isEqualTo(100);
    assertThat(second.mean(0)).isEqualTo(whole.mean(0));
    assertThat(second.difference(0, 1)).isEqualTo(whole.difference(0, 1));
  }

  @Test
  void anotherSeedDrawsOthers() {
    double[][] rows = twoAlike(100, 9);
    assertThat(of(300, 1, rows).mean(0)).isNotEqualTo(of(300, 2, rows).mean(0));
    assertThat(of(300, 1, rows).mean(0)).isEqualTo(of(300, 1, rows).mean(0));
  }
}
