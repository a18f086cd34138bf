package io.instructorspark.job.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * Scores equal those that scikit-learn and scipy compute ({@code
 * scripts/evaluation/reference-scores.py} prints them), and values worked out by hand.
 */
class MetricsTest {
  private static final Offset<Double> EXACT = within(1e-12);

  private final double[] x = numbers(40, 1);
  private final double[] y = numbers(40, 2);
  private final double[] tiedX = mapped(x, value -> Math.rint(value * 10) / 10);
  private final double[] tiedY = mapped(y, value -> Math.rint(value * 10) / 10);
  private final int[] times = IntStream.range(0, 40).map(i -> i % 4).toArray();

  private static double[] numbers(int count, long seed) {
    double[] made = new double[count];
    long state = seed;
    for (int i = 0; i < count; i++) {
      state = (state * 1103515245L + 12345) % (1L << 31);
      made[i] = state / 65536 % 1000 / 1000.0;
    }
    return made;
  }

  private static double[] mapped(double[] values, DoubleUnaryOperator by) {
    return Arrays.stream(values).map(by).toArray();
  }

  private static boolean[] above(double[] values, double least) {
    boolean[] above = new boolean[values.length];
    for (int i = 0; i < values.length; i++) {
      above[i] = values[i] > least;
    }
    return above;
  }

  private static Correlation spearman(double[] similarities, double[] scores) {
    return Correlation.of(Correlation.Kind.SPEARMAN, similarities, scores);
  }

  private static Correlation pearson(double[] similarities, double[] scores) {
    return Correlation.of(Correlation.Kind.PEARSON, similarities, scores);
  }

  @Nested
  class Correlations {
    @Test
    void areScipys() {
      assertThat(pearson(x, y).score()).isCloseTo(0.018273875854069123, EXACT);
      assertThat(spearman(x, y).score()).isCloseTo(-0.04531169384411591, EXACT);
      assertThat(spearman(tiedX, tiedY).score()).isCloseTo(0.017987293543976872, EXACT);
    }

    @Test
    void ofAChoiceAreThoseOfItemsWrittenOutSoOften() {
      assertThat(spearman(tiedX, tiedY).score(times)).isCloseTo(-0.09912298320463052, EXACT);
      assertThat(pearson(x, y).score(times)).isCloseTo(-0.03843538008120709, EXACT);
    }

    @Test
    void areOneForOneOrderAndMinusOneForTheOther() {
      double[] up = {0.1, 0.2, 0.9};
      assertThat(spearman(up, new double[] {1, 5, 6}).score()).isCloseTo(1, EXACT);
      assertThat(spearman(up, new double[] {6, 5, 1}).score()).isCloseTo(-1, EXACT);
    }

    @Test
    void areZeroWhereAllSimilaritiesOrAllScoresAreEqual() {
      double[] constant = {0.3, 0.3, 0.3};
      double[] other = {1, 2, 4};
      assertThat(pearson(constant, other).score()).isZero();
      assertThat(spearman(constant, other).score()).isZero();
      assertThat(pearson(other, constant).score()).isZero();
      assertThat(spearman(new double[] {0.5}, new double[] {1}).score()).isZero();
    }
  }

  @Nested
  class Precision {
    @Test
    void isScikitLearns() {
      boolean[] relevant = above(y, 0.6);
      assertThat(new AveragePrecision(x, relevant).score()).isCloseTo(0.6158360396956608, EXACT);
      assertThat(new AveragePrecision(tiedX, relevant).score())
          .isCloseTo(0.6096970852691677, EXACT);
      assertThat(new AveragePrecision(tiedX, relevant).score(times))
          .isCloseTo(0.5333254980313804, EXACT);
    }

    @Test
    void isWhatComesOutByHand() { // found at places 1 and 3: (1/1 + 2/3) / 2
      double[] similarities = {0.9, 0.8, 0.7, 0.1};
      boolean[] relevant = {true, false, true, false};
      assertThat(new AveragePrecision(similarities, relevant).score()).isCloseTo(5.0 / 6, EXACT);
    }

    @Test
    void isTheShareOfRelevantWhereAllSimilaritiesAreEqual() {
      boolean[] relevant = {true, false, false, false};
      assertThat(new AveragePrecision(new double[4], relevant).score()).isEqualTo(0.25);
    }

    @Test
    void isUndefinedWhereNothingIsRelevant() {
      assertThat(new AveragePrecision(new double[] {1, 2}, new boolean[2]).score()).isNaN();
    }
  }

  @Nested
  class Gain {
    @Test
    void isScikitLearns() {
      Map<String, Double> judged = new HashMap<>();
      List<String> found = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        judged.put("d" + i, Math.floor(y[i] * 4));
      }
      IntStream.range(0, 40)
          .boxed()
          .sorted((a, b) -> Double.compare(x[b], x[a]))
          .forEach(i -> found.add("d" + i));
      assertThat(DiscountedGain.of(found, judged)).isCloseTo(0.7117462927077517, EXACT);
    }

    @Test
    void isWhatComesOutByHand() { // one relevant document, at place 3: 1 / log2(4)
      assertThat(DiscountedGain.of(List.of("a", "b", "c"), Map.of("c", 2.0))).isEqualTo(0.5, EXACT);
      assertThat(DiscountedGain.of(List.of("c"), Map.of("c", 2.0))).isEqualTo(1);
      assertThat(DiscountedGain.of(List.of(), Map.of("c", 2.0))).isZero();
    }

    @Test
    void isUndefinedWhereNoDocumentIsRelevant() {
      assertThat(DiscountedGain.of(List.of("a"), Map.of())).isNaN();
      assertThat(DiscountedGain.of(List.of("a"), Map.of("a", 0.0))).isNaN();
    }
  }

  @Nested
  class Clusters {
    private final int[] labels = Arrays.stream(x).mapToInt(v -> (int) (v * 3)).toArray();
    private final int[] clusters =
        IntStream.range(0, 40).map(i -> (int) ((0.7 * x[i] + 0.3 * y[i]) * 4)).toArray();

    private static double measure(int[] labels, int[]... clusters) {
      return new VMeasure(labels, clusters).score();
    }

    @Test
    void areMeasuredAsScikitLearnDoes() {
      assertThat(measure(labels, clusters)).isCloseTo(0.557801376212061, EXACT);
      assertThat(new VMeasure(labels, new int[][] {clusters}).score(times))
          .isCloseTo(0.5172693754022949, EXACT);
    }

    @Test
    void areMeasuredByHand() {
      assertThat(measure(new int[] {0, 0, 1, 1}, new int[] {1, 1, 0, 0})).isEqualTo(1, EXACT);
      assertThat(measure(new int[] {0, 1, 0, 1}, new int[] {0, 0, 1, 1})).isEqualTo(0, EXACT);
      assertThat(measure(new int[] {0, 0, 1, 1}, new int[] {0, 0, 0, 0})).isZero();
      assertThat(measure(new int[] {0, 0}, new int[] {0, 0})).isEqualTo(1);
    }

    @Test
    void ofSeveralFitsAreTheMean() {
      int[] two = {0, 0, 1, 1};
      assertThat(measure(two, two, new int[4])).isEqualTo(0.5, EXACT);
    }
  }

  @Nested
  class Regression {
    private final List<float[]> vectors = new ArrayList<>();

    private int[] targets(int classes) {
      double[] all = numbers(240, 3);
      int[] targets = new int[60];
      for (int i = 0; i < 60; i++) {
        float[] vector = new float[4];
        for (int d = 0; d < 4; d++) {
          vector[d] = (float) all[4 * i + d];
        }
        vectors.add(vector);
        targets[i] = (int) Math.min(classes - 1, (all[4 * i] + all[4 * i + 1]) * classes / 2);
      }
      return targets;
    }

    private long right(LogisticFit fit, int[] targets) {
      return IntStream.range(0, 60).filter(i -> fit.predict(vectors.get(i)) == targets[i]).count();
    }

    @Test
    void hasScikitLearnsWeightsForTwoClasses() {
      int[] targets = targets(2);
      LogisticFit fit = LogisticFit.of(vectors, targets, 2);
      assertThat(fit.weights())
          .containsExactly(
              new double[] {
                2.8614682405998035,
                2.0292488519343843,
                -0.1333372484690233,
                0.24981033891662727,
                -2.3685499448492555
              },
              within(5e-3));
      assertThat(right(fit, targets)).isEqualTo(57);
    }

    @Test
    void hasScikitLearnsWeightsForThree() {
      int[] targets = targets(3);
      LogisticFit fit = LogisticFit.of(vectors, targets, 3);
      assertThat(fit.weights())
          .containsExactly(
              new double[] {
                -1.8647152674636127, -0.10123988166147367, 1.9659551491250866,
                -1.9027396853218546, -0.21264943327301764, 2.115389118594872,
                -0.0012713552291541903, 0.14781528960784404, -0.1465439343786899,
                0.26742999901653636, -0.46725421071362916, 0.1998242116970924,
                1.307620833984752, 0.9246298945589142, -2.2322507285436655
              },
              within(1e-2));
      assertThat(right(fit, targets)).isEqualTo(48);
    }

    @Test
    void learnsOnlyShareOfClassesFromConstantVectors() {
      List<float[]> same = List.of(new float[] {1, 0}, new float[] {1, 0}, new float[] {1, 0});
      LogisticFit fit = LogisticFit.of(same, new int[] {0, 1, 1}, 2);
      assertThat(fit.predict(new float[] {1, 0})).isEqualTo(1);
    }
  }

  @Test
  void meansCountItemsAsOftenAsTheyAreChosen() {
    MeanOutcome mean = new MeanOutcome(new double[] {1, 0, 0.5});
    assertThat(mean.score()).isEqualTo(0.5);
    assertThat(mean.score(new int[] {2, 0, 2})).isEqualTo(0.75);
  }
}
