package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of passes that fail; the encoder's answers are made up. */
class PassesTest {
  private static final int GUILTY = 666;

  private final List<String> passes = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private final PassBudget budget = new PassBudget(64);

  private Passes run(Passes.Encoder encoder, int... firstIds) {
    List<Piece> pieces = new ArrayList<>();
    for (int id : firstIds) {
      pieces.add(piece(pieces.size(), id));
    }
    return run(encoder, pieces);
  }

  private Passes run(Passes.Encoder encoder, List<Piece> pieces) {
    Passes all =
        new Passes(
            batch -> {
              passes.add(names(batch));
              return encoder.pass(batch);
            },
            budget,
            (rows, tokens) -> told.add(rows + " rows, " + tokens + " tokens"),
            pieces);
    all.run();
    return all;
  }

  /** Four tokens, of which the first names it. */
  private static Piece piece(int row, int id) {
    return new Piece(row, new int[] {id, 7, 8, 1}, 0, 1);
  }

  private static String names(TokenBatch batch) {
    return String.join(" ", batch.ids().stream().map(ids -> "" + ids[0]).toList());
  }

  /** Each text's vector is its first token. */
  private static float[][] vectors(TokenBatch batch) {
    return batch.ids().stream().map(ids -> new float[] {ids[0]}).toArray(float[][]::new);
  }

  private static float[][] upTo(int texts, TokenBatch batch) {
    if (batch.size() > texts) {
      throw new NativeMemoryException("no room for %d texts".formatted(batch.size()), null);
    }
    return vectors(batch);
  }

  private static float[][] unlessGuilty(TokenBatch batch) {
    if (batch.ids().stream().anyMatch(ids -> ids[0] >= GUILTY)) {
      throw new PassFailedException("token %d is not known".formatted(GUILTY));
    }
    return vectors(batch);
  }

  private static void requireOwnVectors(Passes done, int... firstIds) {
    for (int i = 0; i < firstIds.length; i++) {
      assertThat(done.vector(i)).containsExactly(firstIds[i]);
      assertThat(done.error(i)).isNull();
    }
  }

  @Nested
  class ThatMemoryDoesNotSufficeFor {
    @Test
    void areHalvedUntilTheyFit() {
      int[] texts = {10, 11, 12, 13, 14, 15, 16};
      Passes done = run(batch -> upTo(2, batch), texts);
      assertThat(passes)
          .containsExactly("10 11 12 13 14 15 16", "10 11 12 13", "10 11", "12 13", "14 15", "16");
      requireOwnVectors(done, texts);
    }

    @Test
    void leaveTheBudgetSmaller() {
      run(batch -> upTo(2, batch), 10, 11, 12, 13, 14, 15, 16);
      assertThat(budget.tokens()).isEqualTo(8); // two texts of four tokens
      passes.clear();
      run(batch -> upTo(2, batch), 20, 21, 22, 23);
      assertThat(passes).containsExactly("20 21", "22 23");
    }

    @Test
    void countOnlyWhenTheyWentWell() {
      Work work = run(batch -> upTo(2, batch), 10, 11, 12, 13, 14, 15, 16).work(7, 0, 0);
      assertThat(work.batches()).isEqualTo(4);
      assertThat(work.encoded()).isEqualTo(7);
      assertThat(work.tokens()).isEqualTo(28);
      assertThat(work.paddedTokens()).isEqualTo(28);
      assertThat(told)
          .containsExactly(
              "2 rows, 8 tokens", "2 rows, 8 tokens", "2 rows, 8 tokens", "1 rows, 4 tokens");
    }

    @Test
    void areThatRowsErrorWhereASingleTextDoesNotFit() {
      Passes done =
          run(
              batch -> upTo(batch.ids().stream().anyMatch(ids -> ids[0] == 11) ? 0 : 4, batch),
              10,
              11,
              12);
      requireOwnVectors(done, 10);
      assertThat(done.vector(2)).containsExactly(12);
      assertThat(done.vector(1)).isNull();
      assertThat(done.error(1))
          .contains("a text of 4 tokens does not fit into native memory even alone")
          .contains("spark.executor.memoryOverhead")
          .contains("lower maxLength")
          .contains("no room for 1 texts");
      assertThat(told).contains("1 rows, 0 tokens");
    }

    @Test
    void areTriedOnceMoreAloneSinceOthersMayHaveHadTheMemory() {
      Passes done = run(batch -> upTo(passes.size() > 1 ? 1 : 0, batch), 10);
      assertThat(passes).containsExactly("10", "10");
      requireOwnVectors(done, 10);
    }

    @Test
    void endWhereTheThreadIsInterruptedMeanwhile() {
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(CancellationException.class)
          .isThrownBy(() -> run(batch -> upTo(0, batch), 10))
          .withMessageContaining("interrupted while waiting for native memory");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Nested
  class ThatFailOtherwise {
    @Test
    void areMadeTextByTextAndOnlyTheGuiltyGoWithout() {
      Passes done = run(PassesTest::unlessGuilty, 10, 11, GUILTY, 13, GUILTY + 1);
      assertThat(passes).containsExactly("10 11 666 13 667", "10", "11", "666", "13", "667");
      requireOwnVectors(done, 10, 11);
      assertThat(done.vector(3)).containsExactly(13);
      for (int guilty : List.of(2, 4)) {
        assertThat(done.vector(guilty)).isNull();
        assertThat(done.error(guilty)).isEqualTo("token 666 is not known");
      }
    }

    @Test
    void leaveTheBudgetAsItIs() {
      run(PassesTest::unlessGuilty, 10, 11, GUILTY);
      assertThat(budget.tokens()).isEqualTo(64);
    }

    @Test
    void tellOfEveryRowOnceAndOfTokensThatWereRead() {
      Work work = run(PassesTest::unlessGuilty, 10, 11, GUILTY).work(2, 0, 0);
      assertThat(told).containsExactly("1 rows, 4 tokens", "1 rows, 4 tokens", "1 rows, 0 tokens");
      assertThat(work.tokens()).isEqualTo(8);
      assertThat(work.encoded()).isEqualTo(2);
    }
  }

  @Nested
  class ThatAreNoFaultOfTheTexts {
    @Test
    void endTheCallWhereNoPassWillDoWellAnyMore() {
      assertThatThrownBy(
              () ->
                  run(
                      batch -> {
                        throw new EngineException("the GPU is lost");
                      },
                      10,
                      11))
          .hasMessage("the GPU is lost");
      assertThat(passes).hasSize(1);
    }

    @Test
    void endTheCallWhereItIsCancelled() {
      assertThatExceptionOfType(CancellationException.class)
          .isThrownBy(
              () ->
                  run(
                      batch -> {
                        throw new CancellationException("killed");
                      },
                      10,
                      11));
      assertThat(passes).hasSize(1);
    }

    @Test
    void endTheCallWithWhatTheWatchThrows() {
      Passes all =
          new Passes(
              PassesTest::vectors,
              new PassBudget(4),
              (rows, tokens) -> {
                throw new PassFailedException("even this one");
              },
              List.of(piece(0, 10), piece(1, 11)));
      assertThatExceptionOfType(PassFailedException.class)
          .isThrownBy(all::run)
          .withMessage("even this one");
      assertThat(all.vector(0)).isNotNull();
      assertThat(all.vector(1)).isNull();
    }
  }

  @Nested
  class PiecesThatAreAlike {
    @Test
    void areReadOnceAndShareTheirVector() {
      Passes done = run(PassesTest::vectors, 10, 11, 10, 10);
      assertThat(passes).containsExactly("10 11");
      assertThat(done.vector(2)).isSameAs(done.vector(0)).isSameAs(done.vector(3));
      assertThat(done.vector(1)).containsExactly(11);
      assertThat(told).containsExactly("4 rows, 8 tokens");
      assertThat(done.work(4, 0, 0).encoded()).isEqualTo(2);
    }

    @Test
    void shareTheirError() {
      Passes done = run(PassesTest::unlessGuilty, GUILTY, 11, GUILTY);
      assertThat(done.error(0)).isEqualTo(done.error(2)).isNotNull();
      assertThat(told).containsExactly("2 rows, 0 tokens", "1 rows, 4 tokens");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void haveTheSameTextStart(int start) {
      int[] ids = {10, 11, 12, 1};
      Passes done =
          run(
              batch ->
                  Arrays.stream(batch.textStarts())
                      .mapToObj(s -> new float[] {s})
                      .toArray(float[][]::new),
              List.of(new Piece(0, ids, 1, 1), new Piece(1, ids.clone(), start, 1)));
      assertThat(done.vector(0)).containsExactly(1);
      assertThat(done.vector(1)).containsExactly(start);
    }

    @Test
    void countARowOnlyWithItsFirstPiece() {
      run(
          PassesTest::vectors,
          List.of(piece(0, 10), piece(0, 11), piece(1, 11), piece(1, 10), piece(2, 10)));
      assertThat(told).containsExactly("3 rows, 8 tokens");
    }
  }
}
