package io.instructorspark.job.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.instructorspark.job.separation.Labels;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class VerdictsTest {
  private static final Candidate GOOD = Candidate.given("Represent the good: ");
  private static final Candidate NONE = Candidate.none();

  private static Score score(Candidate candidate, double agreement, Estimate gap) {
    Estimate mean = new Estimate(agreement, agreement - 0.01, agreement + 0.01);
    Optional<Score.Gap> toNone =
        candidate == NONE
            ? Optional.empty()
            : Optional.of(new Score.Gap(gap, Optional.of(new Estimate(0.002, -0.01, 0.014))));
    return new Score(candidate, mean, OptionalDouble.of(0.1), Optional.of(mean), toNone);
  }

  private static Comparison comparison(Estimate gap) {
    return new Comparison(
        List.of(score(NONE, 0.5, gap), score(GOOD, 0.5 + gap.value(), gap)),
        NONE,
        List.of(new Comparison.Lead(Comparison.Measure.AGREEMENT, GOOD, NONE, gap)),
        10,
        new Labels(List.of("a", "b"), List.of(6L, 4L)));
  }

  @Test
  void aDifferenceWhoseIntervalHoldsNothingOfZeroIsMoreThanNoise() {
    assertThat(Verdicts.of(comparison(new Estimate(0.04, 0.021, 0.06))))
        .containsExactly(
            "By agreement, “Represent the good:” is better than no instruction by more than noise.",
            "By agreement, “Represent the good:” is first and no instruction second; the difference, +4.0 points, 95 %: +2.1 to +6.0, is more than noise.",
            "“Represent the good:” against no instruction: agreement is higher (+4.0 points, 95 %: +2.1 to +6.0); the difference in accuracy is within noise (+0.2 points, 95 %: -1.0 to +1.4).");
  }

  @Test
  void oneWhoseIntervalHoldsZeroIsWithinNoise() {
    assertThat(Verdicts.of(comparison(new Estimate(0.01, -0.004, 0.024))))
        .element(1)
        .asString()
        .endsWith("is within noise: these rows do not say which is better.");
  }

  @Test
  void whatIsWorseIsCalledLower() {
    assertThat(Verdicts.of(comparison(new Estimate(-0.04, -0.06, -0.02))))
        .element(2)
        .asString()
        .contains("agreement is lower (-4.0 points");
  }

  @Test
  void aWrongInstructionThatIsBetterTooIsNamed() {
    Estimate gap = new Estimate(0.04, 0.02, 0.06);
    Candidate wrong = Candidate.wrong("Represent the moon: ");
    Comparison comparison =
        new Comparison(
            List.of(score(NONE, 0.5, gap), score(GOOD, 0.54, gap), score(wrong, 0.54, gap)),
            NONE,
            List.of(),
            10,
            new Labels(List.of("a", "b"), List.of(6L, 4L)));
    assertThat(Verdicts.of(comparison))
        .element(0)
        .asString()
        .startsWith("By agreement, “Represent the good:” is better than no instruction")
        .contains("The wrong instruction is better too");
    assertThat(Verdicts.of(comparison(new Estimate(0.01, -0.004, 0.024))))
        .element(0)
        .isEqualTo(
            "By agreement, “Represent the good:” is not better than no instruction by more than noise.");
  }

  @Test
  void severalAreCounted() {
    Estimate gap = new Estimate(0.04, 0.02, 0.06);
    Estimate noise = new Estimate(0.01, -0.004, 0.024);
    Candidate other = Candidate.given("Represent the other: ");
    Comparison comparison =
        new Comparison(
            List.of(score(NONE, 0.5, gap), score(GOOD, 0.54, gap), score(other, 0.51, noise)),
            NONE,
            List.of(),
            10,
            new Labels(List.of("a", "b"), List.of(6L, 4L)));
    assertThat(Verdicts.of(comparison))
        .element(0)
        .isEqualTo(
            "By agreement, 1 of the 2 compared with no instruction is better than it by more than noise.");
  }

  @Test
  void theHighestAgreementIsFirst() {
    assertThat(comparison(new Estimate(0.04, 0.02, 0.06)).scores())
        .extracting(Score::candidate)
        .containsExactly(GOOD, NONE);
    assertThat(comparison(new Estimate(-0.04, -0.06, -0.02)).winner().candidate()).isEqualTo(GOOD);
  }
}
