package io.instructorspark.job.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An order without a table. */
class PermutationTest {
  private static int[] order(int count, long seed) {
    Permutation permutation = new Permutation(count, seed);
    return IntStream.range(0, count).map(permutation::at).toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 16, 17, 63, 64, 65, 1000, 4096, 5001, 70_000})
  void holdsEveryNumberOnce(int count) {
    assertThat(IntStream.of(order(count, 11)).sorted().toArray())
        .isEqualTo(IntStream.range(0, count).toArray());
  }

  @Test
  void isTheSameForASeedAndAnotherForAnother() {
    assertThat(order(500, 3)).isEqualTo(order(500, 3)).isNotEqualTo(order(500, 4));
  }

  @Test
  void leavesNeighboursApart() {
    int[] order = order(10_000, 5);
    long kept =
        IntStream.range(1, order.length)
            .filter(i -> Math.abs(order[i] - order[i - 1]) == 1)
            .count();
    assertThat(kept).isLessThan(20);
    double firstHalf = IntStream.of(order).limit(5_000).average().orElseThrow();
    assertThat(firstHalf).isBetween(4_800.0, 5_200.0);
  }

  @Test
  void countsToTheLastInteger() {
    Permutation permutation = new Permutation(Integer.MAX_VALUE, 1);
    assertThat(permutation.at(0)).isBetween(0, Integer.MAX_VALUE - 1);
    assertThat(permutation.at(Integer.MAX_VALUE - 1)).isBetween(0, Integer.MAX_VALUE - 1);
  }

  @Test
  void refusesPlacesBeyondIt() {
    assertThatThrownBy(() -> new Permutation(3, 1).at(3))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> new Permutation(0, 1)).isInstanceOf(IllegalArgumentException.class);
  }
}
