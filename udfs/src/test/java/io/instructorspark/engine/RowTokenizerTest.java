package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.engine.RowTokenizer.Tokenized;
import io.instructorspark.text.Compatibility;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowTokenizerTest {
  private static final String INSTRUCTION = "Represent the Science title: ";
  private static final String TEXT = "Water on the early surface of Mars";

  private static Checkpoint checkpoint;
  private static T5Tokenizer tokenizer;

  @BeforeAll
  static void openTokenizer() {
    checkpoint = Fixtures.checkpoint("tiny-base");
    tokenizer = new T5Tokenizer(checkpoint.tokenizerJson(), "tiny-base");
  }

  @AfterAll
  static void closeTokenizer() {
    tokenizer.close();
  }

  private static RowTokenizer rows(Compatibility mode, int maxLength, LongText longText) {
    return new RowTokenizer(tokenizer, Fixtures.spec(checkpoint, mode, maxLength), false, longText);
  }

  private static Tokenized tokenize(
      int maxLength, LongText longText, String instruction, String text) {
    return rows(Compatibility.V1_0_1, maxLength, longText).tokenize(3, instruction, text);
  }

  @Nested
  class ARow {
    @Test
    void isOnePieceOfItsRow() {
      Tokenized row = tokenize(512, LongText.TRUNCATE, INSTRUCTION, TEXT);
      assertThat(row.pieces()).hasSize(1);
      assertThat(row.pieces().get(0).row()).isEqualTo(3);
      assertThat(row.pieces().get(0).ids()).isEqualTo(tokenizer.encode(INSTRUCTION + TEXT));
      assertThat(row.truncated()).isFalse();
      assertThat(row.error()).isNull();
    }

    @Test
    void withoutInstructionIsPooledWhole() {
      Tokenized row = tokenize(512, LongText.TRUNCATE, "", TEXT);
      assertThat(row.pieces().get(0).textStart()).isZero();
    }

    @Test
    void withoutTextIsTheInstructionPooledOverItsEnd() {
      Piece piece = tokenize(512, LongText.TRUNCATE, INSTRUCTION, "").pieces().get(0);
      assertThat(piece.ids()).isEqualTo(tokenizer.encode(INSTRUCTION.strip()));
      assertThat(piece.textStart()).isEqualTo(piece.ids().length - 1);
    }

    @Test
    void withNeitherIsTheEndToken() {
      Piece piece = tokenize(512, LongText.TRUNCATE, "", "").pieces().get(0);
      assertThat(piece.ids()).containsExactly(T5Tokenizer.EOS);
      assertThat(piece.textStart()).isZero();
    }

    @Test
    void isLowerCasedWhereTheCheckpointSaysSo() {
      ModelSpec spec = Fixtures.spec(checkpoint, Compatibility.V1_0_1, 512);
      RowTokenizer lower = new RowTokenizer(tokenizer, spec, true, LongText.TRUNCATE);
      assertThat(lower.tokenize(0, "ABOUT: ", "MARS").pieces().get(0).ids())
          .isEqualTo(tokenizer.encode("about: mars"))
          .isNotEqualTo(tokenizer.encode("ABOUT: MARS"));
    }

    @Test
    void countsManyInstructionsWithoutMixingThemUp() {
      RowTokenizer rows = rows(Compatibility.V1_0_1, 512, LongText.TRUNCATE);
      Random random = new Random(1);
      for (int i = 0; i < 10_000; i++) {
        String instruction = "About " + "of ".repeat(random.nextInt(9)) + i % 5000 + ": ";
        assertThat(rows.tokenize(0, instruction, TEXT).pieces().get(0).textStart())
            .isEqualTo(tokenizer.encode(instruction.strip()).length - 1);
      }
    }
  }

  @Nested
  class AnInstructionThatLeavesNoRoom {
    @ParameterizedTest
    @EnumSource(Compatibility.class)
    void isAnErrorThatSaysSo(Compatibility mode) {
      Tokenized row = rows(mode, 8, LongText.TRUNCATE).tokenize(0, INSTRUCTION, TEXT);
      assertThat(row.pieces()).isEmpty();
      assertThat(row.error())
          .isEqualTo(
              "the instruction has 7 or more tokens and fills the window of 8, so every text would get the same"
                  + " vector; shorten the instruction or raise maxLength");
    }

    @ParameterizedTest
    @EnumSource(Compatibility.class)
    void isAnErrorInAWindowOfTwoToo(Compatibility mode) {
      Tokenized row = rows(mode, 2, LongText.TRUNCATE).tokenize(0, INSTRUCTION, TEXT);
      assertThat(row.error()).contains("fills the window of 2");
    }

    @ParameterizedTest
    @EnumSource(LongText.class)
    void isAnErrorWhateverBecomesOfLongTexts(LongText longText) {
      assertThat(tokenize(12, longText, INSTRUCTION, TEXT).error()).contains("fills the window");
    }

    @ParameterizedTest
    @CsvSource({"12, true", "13, false"}) // the instruction has 11 tokens, </s> needs one
    void beginsWhereOneTokenOfTextIsLost(int maxLength, boolean error) {
      assertThat(tokenizer.encode(INSTRUCTION.strip())).hasSize(12);
      assertThat(tokenize(maxLength, LongText.TRUNCATE, INSTRUCTION, TEXT).error() != null)
          .isEqualTo(error);
    }

    @ParameterizedTest
    @EnumSource(Compatibility.class)
    void isAnErrorWhereItsTokensOutnumberThoseOfBothTogether(Compatibility mode) {
      assertThat(tokenizer.encode("people")).hasSize(2);
      assertThat(tokenizer.encode("peopl")).hasSize(4);
      Tokenized row = rows(mode, 512, LongText.TRUNCATE).tokenize(0, "peopl", "e");
      assertThat(row.pieces()).isEmpty();
      assertThat(row.error())
          .contains("together have 2 tokens")
          .contains("the instruction alone has 3")
          .contains("end the instruction with \": \"");
    }
  }

  @Nested
  class ALongText {
    private final String text = Texts.random(new Random(2), 90);
    private final int[] whole = tokenizer.encode(INSTRUCTION + text);
    private final int n = tokenizer.encode(INSTRUCTION.strip()).length - 1;

    @Test
    void isCutBeforeItsEndTokenAndFlagged() {
      Tokenized row = tokenize(40, LongText.TRUNCATE, INSTRUCTION, text);
      int[] expected = Arrays.copyOf(whole, 40);
      expected[39] = T5Tokenizer.EOS;
      assertThat(row.pieces()).hasSize(1);
      assertThat(row.pieces().get(0).ids()).isEqualTo(expected);
      assertThat(row.truncated()).isTrue();
      assertThat(row.error()).isNull();
    }

    @ParameterizedTest
    @EnumSource(LongText.class)
    void thatJustFitsIsLeftAlone(LongText longText) {
      Tokenized row = tokenize(whole.length, longText, INSTRUCTION, text);
      assertThat(row.pieces()).hasSize(1);
      assertThat(row.pieces().get(0).ids()).isEqualTo(whole);
      assertThat(row.truncated()).isFalse();
      assertThat(row.error()).isNull();
    }

    @Test
    void isAnErrorUnderError() {
      Tokenized row = tokenize(40, LongText.ERROR, INSTRUCTION, text);
      assertThat(row.pieces()).isEmpty();
      assertThat(row.truncated()).isFalse();
      assertThat(row.error())
          .contains(whole.length + " tokens")
          .contains("the window holds 40")
          .contains("truncate or chunk");
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 14, 40, 64, 100})
    void isCutIntoPiecesThatHoldEveryTokenOnce(int maxLength) {
      Tokenized row = tokenize(maxLength, LongText.CHUNK, INSTRUCTION, text);
      assertThat(row.truncated()).isFalse();
      assertThat(row.pieces()).hasSizeGreaterThan(1);
      int[] joined =
          row.pieces().stream()
              .flatMapToInt(p -> Arrays.stream(p.ids(), p.textStart(), p.ids().length - 1))
              .toArray();
      assertThat(joined).isEqualTo(Arrays.copyOfRange(whole, n, whole.length - 1));
      assertThat(row.pieces())
          .allSatisfy(
              piece -> {
                assertThat(piece.row()).isEqualTo(3);
                assertThat(piece.ids()).hasSizeLessThanOrEqualTo(maxLength);
                assertThat(piece.textStart()).isEqualTo(n);
                assertThat(piece.weight()).isEqualTo(piece.ids().length - n - 1).isPositive();
                assertThat(piece.ids()).startsWith(Arrays.copyOf(whole, n)).endsWith(1);
              });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void hasNoEmptyPieceWhereItsTokensFillThePieces(int room) {
      int tokens = whole.length - 1 - n;
      int pieces = tokenize(n + 1 + room, LongText.CHUNK, INSTRUCTION, text).pieces().size();
      assertThat(pieces).isEqualTo((tokens + room - 1) / room);
    }
  }

  @Nested
  class OddText {
    @ParameterizedTest
    @ValueSource(strings = {"\uD83D", "\uDE00", "\uDE00\uD83D", "\uD83D\uD83D"})
    void withLoneSurrogatesReadsThemAsReplacementCharacters(String lone) {
      assertThat(tokenizer.encode("Water " + lone + " on Mars"))
          .isEqualTo(tokenizer.encode("Water " + "\uFFFD".repeat(lone.length()) + " on Mars"));
    }

    @Test
    void withLoneSurrogatesKeepsThePairsBesideThem() {
      assertThat(tokenizer.encode("\uD83D\uDE00\uD83D\uD83D\uDE00"))
          .isEqualTo(tokenizer.encode("\uD83D\uDE00\uFFFD\uD83D\uDE00"));
    }

    @Test
    void withNullCharactersIsReadToItsEnd() {
      int[] ids = tokenizer.encode("Water\0 on the surface");
      assertThat(Arrays.copyOfRange(ids, ids.length - 4, ids.length))
          .isEqualTo(lastFour(tokenizer.encode("Water on the surface")));
    }

    private int[] lastFour(int[] ids) {
      return Arrays.copyOfRange(ids, ids.length - 4, ids.length);
    }

    @Test
    void thatNormalisingMakesEighteenTimesLongerIsReadInSeconds() {
      Assertions.assertTimeout(
          Duration.ofSeconds(20),
          () -> tokenize(512, LongText.TRUNCATE, INSTRUCTION, "\uFDFA".repeat(50_000)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Water on Mars ", "a", "ß", "\uD83D\uDE00", " "})
    void ofAMillionCharactersIsReadInSeconds(String unit) {
      String text = unit.repeat(1_000_000 / unit.length());
      Tokenized row =
          Assertions.assertTimeout(
              Duration.ofSeconds(20), () -> tokenize(512, LongText.TRUNCATE, INSTRUCTION, text));
      assertThat(row.error()).isNull();
      assertThat(row.pieces().get(0).ids()).hasSizeLessThanOrEqualTo(512);
    }
  }

  @Nested
  class AForeignTokenizer {
    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "not json", "{\"model\": {\"type\": \"Unigram\"}}"})
    void isRefusedWithItsPlace(String json) {
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> new T5Tokenizer(json, "/models/broken"))
          .withMessageContaining("/models/broken")
          .withMessageContaining("tokenizer.json");
    }
  }

  @Test
  void tokensAreTheSameFromManyThreads() {
    int[] expected = tokenizer.encode(TEXT);
    assertThat(IntStream.range(0, 200).parallel().mapToObj(i -> tokenizer.encode(TEXT)).toList())
        .allSatisfy(ids -> assertThat(ids).isEqualTo(expected));
  }

  @Test
  void tellsTokensWithoutLoadingAModel() {
    Goldens.Golden golden =
        Goldens.of("tiny-base/golden.jsonl").stream()
            .filter(g -> g.name().equals("empty-instruction"))
            .findFirst()
            .orElseThrow();
    assertThat(
            InstructorModel.tokenIds(Fixtures.checkpoint("tiny-base"), List.of(golden.text(), "")))
        .containsExactly(golden.ids(), new int[] {T5Tokenizer.EOS});
  }
}
