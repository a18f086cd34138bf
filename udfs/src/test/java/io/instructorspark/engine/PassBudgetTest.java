package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PassBudgetTest {
  private static final NativeMemoryException FULL = new NativeMemoryException("full", null);

  private final PassBudget budget = new PassBudget(1000);

  private void goesWell(int times) {
    for (int i = 0; i < times; i++) {
      budget.fitted(budget.tokens());
    }
  }

  @Test
  void halvesWhatWasTooLarge() {
    budget.tooLarge(6, 100, FULL);
    assertThat(budget.tokens()).isEqualTo(300);
    budget.tooLarge(3, 100, FULL);
    assertThat(budget.tokens()).isEqualTo(200);
    budget.tooLarge(2, 100, FULL);
    assertThat(budget.tokens()).isEqualTo(100);
  }

  @Test
  void neverFallsBelowOneTokenNorRisesAboveItsStart() {
    for (int i = 0; i < 20; i++) {
      budget.tooLarge(budget.tokens(), 1, FULL);
    }
    assertThat(budget.tokens()).isEqualTo(1);
    goesWell(20 * PassBudget.PATIENCE);
    assertThat(budget.tokens()).isEqualTo(1000);
  }

  @Test
  void doublesAgainWhenEnoughFullPassesWentWell() {
    budget.tooLarge(1000, 1, FULL);
    goesWell(PassBudget.PATIENCE - 1);
    assertThat(budget.tokens()).isEqualTo(500);
    goesWell(1);
    assertThat(budget.tokens()).isEqualTo(1000);
  }

  @Test
  void learnsNothingFromSmallPasses() {
    budget.tooLarge(1000, 1, FULL);
    for (int i = 0; i < 10 * PassBudget.PATIENCE; i++) {
      budget.fitted(249);
    }
    assertThat(budget.tokens()).isEqualTo(500);
  }

  @Test
  void waitsTwiceAsLongAfterEachAttemptThatWasWrong() {
    budget.tooLarge(1000, 1, FULL);
    goesWell(PassBudget.PATIENCE);
    budget.tooLarge(1000, 1, FULL);
    goesWell(2 * PassBudget.PATIENCE - 1);
    assertThat(budget.tokens()).isEqualTo(500);
    goesWell(1);
    assertThat(budget.tokens()).isEqualTo(1000);
    budget.tooLarge(1000, 1, FULL);
    goesWell(4 * PassBudget.PATIENCE - 1);
    assertThat(budget.tokens()).isEqualTo(500);
  }

  @Test
  void startsCountingAnewWhenMemoryRunsOutAgain() {
    budget.tooLarge(1000, 1, FULL);
    goesWell(PassBudget.PATIENCE - 1);
    budget.tooLarge(500, 1, FULL);
    goesWell(PassBudget.PATIENCE - 1);
    assertThat(budget.tokens()).isEqualTo(250);
  }
}
