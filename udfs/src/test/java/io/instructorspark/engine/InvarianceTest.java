package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.instructorspark.engine.Goldens.Golden;
import io.instructorspark.engine.RandomCheckpoint.Dense;
import io.instructorspark.engine.RandomCheckpoint.Positions;
import io.instructorspark.engine.RandomCheckpoint.Sizes;
import io.instructorspark.text.Compatibility;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A row's vector depends on its instruction and text, and on nothing beside them. */
class InvarianceTest {
  /** Instruction and text of many rows, in the same order. */
  private record Rows(List<String> instructions, List<String> texts) {
    int size() {
      return texts.size();
    }

    Rows select(List<Integer> rows) {
      return new Rows(
          rows.stream().map(instructions::get).toList(), rows.stream().map(texts::get).toList());
    }
  }

  /** The contract, for a model, its rows and what counts as equal. */
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  abstract static class Contract {
    private InstructorModel model;
    private Rows rows;
    private List<float[]> oneByOne;

    abstract InstructorModel load();

    abstract Rows rows();

    abstract void requireSame(float[] actual, float[] expected, String row);

    @BeforeAll
    void embedEveryRowAlone() {
      model = load();
      rows = rows();
      oneByOne =
          IntStream.range(0, rows.size())
              .mapToObj(i -> embed(rows.select(List.of(i)), 4096, 4096, 1).get(0))
              .toList();
    }

    @AfterAll
    void free() {
      model.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 512, 100_000})
    void doesNotDependOnTheTokensOfABatch(int maxTokens) {
      requireSame(embed(rows, maxTokens, 4096, 1), oneByOne);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 50, 100_000})
    void doesNotDependOnTheWindow(int windowSize) {
      List<float[]> vectors = new ArrayList<>();
      for (int from = 0; from < rows.size(); from += windowSize) {
        int to = Math.min(rows.size(), from + windowSize);
        vectors.addAll(
            embed(rows.select(IntStream.range(from, to).boxed().toList()), 512, windowSize, 1));
      }
      requireSame(vectors, oneByOne);
    }

    @Test
    void doesNotDependOnTheOrder() {
      List<Integer> order = IntStream.range(0, rows.size()).boxed().collect(Collectors.toList());
      Collections.shuffle(order, new Random(3));
      requireSame(
          embed(rows.select(order), 512, 4096, 1), order.stream().map(oneByOne::get).toList());
    }

    @Test
    void doesNotDependOnTheThreadsOfAPass() {
      requireSame(embed(rows, 512, 4096, 2), oneByOne);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void doesNotDependOnOtherThreadsOfTheModel(int threads) throws Exception {
      ExecutorService pool = Executors.newFixedThreadPool(threads);
      try {
        CountDownLatch together = new CountDownLatch(threads);
        List<Future<List<float[]>>> results = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
          int maxTokens = 256 << t;
          Callable<List<float[]>> work =
              () -> {
                together.countDown();
                together.await();
                return embed(rows, maxTokens, 4096, 1);
              };
          results.add(pool.submit(work));
        }
        for (Future<List<float[]>> result : results) {
          requireSame(result.get(), oneByOne);
        }
      } finally {
        pool.shutdownNow();
      }
    }

    private List<float[]> embed(Rows some, int maxTokens, int windowSize, int threads) {
      EmbedOptions options =
          new EmbedOptions(LongText.TRUNCATE, new BatchLimits(maxTokens, windowSize), threads);
      return model
          .embedder(Fixtures.spec(model.checkpoint(), Compatibility.V1_0_1, 512), options)
          .embed(some.instructions(), some.texts())
          .rows()
          .stream()
          .map(Embedding::vector)
          .toList();
    }

    private void requireSame(List<float[]> actual, List<float[]> expected) {
      assertThat(actual).hasSameSizeAs(expected);
      for (int i = 0; i < actual.size(); i++) {
        requireSame(actual.get(i), expected.get(i), "row " + i);
      }
    }
  }

  /** Short texts, and every fifth of those that are long. */
  private static Rows goldens(String resource) {
    List<Golden> all =
        Goldens.of(resource).stream()
            .filter(g -> g.mode() == Compatibility.V1_0_1 && g.maxLength() == 512)
            .filter(g -> !g.instructionFillsTheWindow())
            .toList();
    List<Golden> goldens =
        IntStream.range(0, all.size())
            .filter(i -> all.get(i).ids().length < 64 ? i % 2 == 0 : i % 5 == 0)
            .mapToObj(all::get)
            .toList();
    return new Rows(
        goldens.stream().map(Golden::instruction).toList(),
        goldens.stream().map(Golden::text).toList());
  }

  private static void requireWithin(
      double tolerance, float[] actual, float[] expected, String row) {
    assertThat(VectorMath.maxDifference(actual, expected)).as(row).isLessThanOrEqualTo(tolerance);
  }

  @Nested
  class OfTinyBase extends Contract {
    @Override
    InstructorModel load() {
      return Fixtures.model("tiny-base");
    }

    @Override
    Rows rows() {
      return goldens("tiny-base/golden.jsonl");
    }

    @Override
    void requireSame(float[] actual, float[] expected, String row) {
      requireWithin(1e-6, actual, expected, row);
    }
  }

  @Nested
  class OfTinyXl extends Contract {
    @Override
    InstructorModel load() {
      return Fixtures.model("tiny-xl");
    }

    @Override
    Rows rows() {
      return goldens("tiny-xl/golden.jsonl");
    }

    @Override
    void requireSame(float[] actual, float[] expected, String row) {
      requireWithin(1e-6, actual, expected, row);
    }
  }

  @Nested
  class OfTinyBaseInBf16 extends Contract {
    @Override
    InstructorModel load() {
      return InstructorModel.load(Fixtures.checkpoint("tiny-base"), Device.CPU, Precision.BF16);
    }

    @Override
    Rows rows() {
      return goldens("tiny-base/golden.jsonl");
    }

    @Override
    void requireSame(float[] actual, float[] expected, String row) {
      assertThat(VectorMath.cosine(actual, expected)).as(row).isGreaterThanOrEqualTo(0.9999);
    }
  }

  @Nested
  class OfALargerRandomModel extends Contract {
    @TempDir static Path folder;

    @Override
    InstructorModel load() {
      Sizes sizes =
          new Sizes(256, 64, 4, 512, 4, new Positions(32, 128), new Dense(128, false, "Identity"));
      return InstructorModel.load(
          RandomCheckpoint.write(folder.resolve("larger"), sizes, 5).open(),
          Device.CPU,
          Precision.FP32);
    }

    @Override
    Rows rows() {
      Random random = new Random(9);
      List<String> instructions = new ArrayList<>();
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        instructions.add(i % 3 == 0 ? "" : "Represent the sentence: ");
        texts.add(Texts.random(random, 1 + random.nextInt(60)));
      }
      return new Rows(instructions, texts);
    }

    @Override
    void requireSame(float[] actual, float[] expected, String row) {
      requireWithin(2e-6, actual, expected, row);
    }
  }

  @Nested
  class BetweenPrecisionsAndPackings {
    @ParameterizedTest
    @CsvSource({"FP32, NONE, 1e-6", "BF16, ONEDNN, 0.03", "BF16, NONE, 0.03"})
    void vectorsStayClose(Precision precision, Packing packing, double tolerance) {
      assumeTrue(
          packing == Packing.NONE || Packing.best(precision) == packing,
          "this machine's processor has no such products");
      TokenBatch batch =
          new TokenBatch(List.of(new int[] {5, 6, 7, 1}, new int[] {9, 1}), new int[] {1, 0});
      try (T5Encoder truth =
              Fixtures.encoder(Fixtures.checkpoint("tiny-base"), Precision.FP32, Packing.ONEDNN);
          T5Encoder other =
              Fixtures.encoder(Fixtures.checkpoint("tiny-base"), precision, packing)) {
        float[][] expected = truth.encode(batch);
        float[][] actual = other.encode(batch);
        for (int i = 0; i < batch.size(); i++) {
          requireWithin(tolerance, actual[i], expected[i], "text " + i);
        }
      }
    }
  }
}
