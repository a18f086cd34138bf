package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchPlannerTest {
  @ParameterizedTest(name = "{0} by {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''          | 512 | ''
          5           | 512 | 0
          5           | 1   | 0
          5           | 5   | 0
          5 5         | 5   | 0 / 1
          5 5         | 9   | 0 / 1
          5 5         | 10  | 0 1
          1 2 3       | 9   | 2 1 0
          1 2 3       | 8   | 2 1 / 0
          1 2 3       | 6   | 2 1 / 0
          1 2 3       | 5   | 2 / 1 0
          1 2 3       | 3   | 2 / 1 / 0
          1 2 3       | 1   | 2 / 1 / 0
          2 9 2 9     | 18  | 1 3 / 0 2
          3 3 3 3 3   | 6   | 0 1 / 2 3 / 4
          100 1 1 1   | 3   | 0 / 1 2 3
          7 7 1       | 2147483647 | 0 1 2
          """)
  void sortsByLengthAndFillsUpToTheBudget(String lengths, int maxTokens, String expected) {
    String batches =
        BatchPlanner.plan(numbers(lengths), maxTokens).stream()
            .map(
                batch ->
                    Arrays.stream(batch).mapToObj(i -> "" + i).collect(Collectors.joining(" ")))
            .collect(Collectors.joining(" / "));
    assertThat(batches).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 64, 512, 100_000})
  void putsEveryTextInOneBatchThatKeepsTheBudget(int maxTokens) {
    int[] lengths = new Random(1).ints(1000, 1, 513).toArray();
    List<int[]> batches = BatchPlanner.plan(lengths, maxTokens);
    assertThat(batches.stream().flatMapToInt(Arrays::stream).sorted().toArray())
        .isEqualTo(IntStream.range(0, lengths.length).toArray());
    assertThat(batches)
        .allSatisfy(
            batch -> {
              int longest = Arrays.stream(batch).map(i -> lengths[i]).max().orElseThrow();
              assertThat(batch.length == 1 || batch.length * longest <= maxTokens).isTrue();
            });
  }

  private static int[] numbers(String spaced) {
    return Arrays.stream(spaced.split(" "))
        .filter(s -> !s.isEmpty())
        .mapToInt(Integer::parseInt)
        .toArray();
  }
}
