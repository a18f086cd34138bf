package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockProductTest {
  private static float[] units(int count, int dimension, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count * dimension];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < dimension; j++) {
        values[i * dimension + j] = (float) random.nextGaussian();
      }
      double length = Math.sqrt(Cosine.square(values, i * dimension, dimension));
      for (int j = 0; j < dimension; j++) {
        values[i * dimension + j] /= (float) length;
      }
    }
    return values;
  }

  private record Pair(int query, int row) {}

  @ParameterizedTest
  @CsvSource({"1, 1, 3", "7, 5, 2", "1024, 1024, 8", "1030, 2500, 16", "3, 2049, 64"})
  void findsAllPairsThatReachWhatIsAskedForAndAboutNoOther(int queries, int rows, int dimension) {
    float[] q = units(queries, dimension, 1);
    float[] c = units(rows, dimension, 2);
    float[] least = new float[queries];
    Arrays.fill(least, 0.6f);
    Set<Pair> found = new HashSet<>();
    try (BlockProduct product = BlockProduct.of(q, dimension, 1)) {
      product.reaching(
          c, 1, least, (query, row) -> assertThat(found.add(new Pair(query, row))).isTrue());
    }
    float error = BlockProduct.error(dimension);
    for (int query = 0; query < queries; query++) {
      for (int row = 0; row < rows; row++) {
        double exact = Cosine.product(q, query * dimension, c, row * dimension, dimension);
        boolean reached = found.contains(new Pair(query, row));
        if (exact >= 0.6) {
          assertThat(reached).as("%d %d %f", query, row, exact).isTrue();
        } else if (reached) {
          assertThat(exact).isGreaterThan(0.6 - 2 * error - 1e-6);
        }
      }
    }
  }

  @Test
  void givesAQueryThatAsksForNothingItsBest() {
    int dimension = 12;
    float[] q = units(3, dimension, 3);
    float[] c = units(1500, dimension, 4);
    float[] least = {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY};
    Set<Pair> found = new HashSet<>();
    try (BlockProduct product = BlockProduct.of(q, dimension, 1)) {
      product.reaching(c, 5, least, (query, row) -> found.add(new Pair(query, row)));
    }
    for (int query = 0; query < 2; query++) {
      int at = query;
      int[] best =
          java.util.stream.IntStream.range(0, 1500)
              .boxed()
              .sorted(
                  java.util.Comparator.comparingDouble(
                      row -> -Cosine.product(q, at * dimension, c, row * dimension, dimension)))
              .mapToInt(Integer::intValue)
              .limit(5)
              .toArray();
      for (int row : best) {
        assertThat(found).contains(new Pair(query, row));
      }
    }
    assertThat(found).hasSizeLessThan(200).noneMatch(pair -> pair.query() == 2);
  }

  @Test
  void readsAnewWhatIsAskedFor() {
    int dimension = 4;
    float[] q = units(1, dimension, 5);
    float[] c = units(4096, dimension, 6);
    float[] least = {-2};
    int[] count = new int[1];
    try (BlockProduct product = BlockProduct.of(q, dimension, 1)) {
      product.reaching(
          c,
          1,
          least,
          (query, row) -> {
            count[0]++;
            least[query] = 2;
          });
    }
    assertThat(count[0]).isEqualTo(1024);
  }

  @Test
  void findsTheSameForSomeOfTheQueries() {
    int dimension = 8;
    float[] q = units(1100, dimension, 7);
    float[] c = units(300, dimension, 8);
    float[] least = new float[1100];
    Arrays.fill(least, 0.5f);
    Set<Pair> all = new HashSet<>();
    Set<Pair> few = new HashSet<>();
    int[] some = {3, 5, 1027, 1099};
    try (BlockProduct product = BlockProduct.of(q, dimension, 1)) {
      product.reaching(c, 1, least, (query, row) -> all.add(new Pair(query, row)));
      product.reaching(some, c, 1, least, (query, row) -> few.add(new Pair(query, row)));
      product.reaching(new int[0], c, 1, least, (query, row) -> few.add(new Pair(query, row)));
    }
    all.removeIf(pair -> Arrays.stream(some).noneMatch(query -> query == pair.query()));
    assertThat(few).isNotEmpty().isEqualTo(all);
  }

  @Test
  void namesTheBestRowsInOrder() {
    int dimension = 8;
    float[] q = units(1030, dimension, 9);
    float[] c = units(50, dimension, 10);
    int[] best;
    try (BlockProduct product = BlockProduct.of(q, dimension, 1)) {
      best = product.best(c, 3);
    }
    assertThat(best).hasSize(3090);
    for (int query : new int[] {0, 1023, 1024, 1029}) {
      double before = 2;
      for (int i = 0; i < 3; i++) {
        double product =
            Cosine.product(q, query * dimension, c, best[query * 3 + i] * dimension, dimension);
        assertThat(product).isLessThanOrEqualTo(before);
        before = product;
      }
      int better = 0;
      for (int row = 0; row < 50; row++) {
        double product = Cosine.product(q, query * dimension, c, row * dimension, dimension);
        better += product > before + 1e-6 ? 1 : 0;
      }
      assertThat(better).isEqualTo(2);
    }
  }

  @Test
  void refusesNumbersThatAreNoVectors() {
    assertThatIllegalArgumentException().isThrownBy(() -> BlockProduct.of(new float[5], 2, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> BlockProduct.of(new float[5], 0, 1));
  }
}
