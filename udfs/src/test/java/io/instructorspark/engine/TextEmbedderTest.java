package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.CheckpointException;
import io.instructorspark.engine.RowTokenizer.Tokenized;
import io.instructorspark.text.Compatibility;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextEmbedderTest {
  private static final String INSTRUCTION = "Represent the Science title: ";
  private static final String TEXT = "Water on the early surface of Mars";

  /** Other tokens, as many. */
  private static final String OTHER = "Water on the early surface of mars";

  private static InstructorModel model;

  @BeforeAll
  static void loadModel() {
    model = Fixtures.model("tiny-base");
  }

  @AfterAll
  static void freeModel() {
    model.close();
  }

  private static TextEmbedder embedder(int maxLength, LongText longText, int maxTokens) {
    return model.embedder(
        Fixtures.spec(model.checkpoint(), Compatibility.V1_0_1, maxLength),
        new EmbedOptions(longText, new BatchLimits(maxTokens, 4096), 1));
  }

  private static Embeddings embed(List<String> instructions, List<String> texts) {
    return embedder(512, LongText.TRUNCATE, 512).embed(instructions, texts);
  }

  private static Embedding embed(String instruction, String text) {
    return embed(Collections.singletonList(instruction), Collections.singletonList(text))
        .rows()
        .get(0);
  }

  @Nested
  class ARow {
    @Test
    void withNullTextHasNoVectorAndNoError() {
      assertThat(embed(INSTRUCTION, null)).isEqualTo(new Embedding(null, 0, false, null));
    }

    @Test
    void withNullInstructionHasTheEmptyOne() {
      assertThat(embed(null, TEXT).vector()).isEqualTo(embed("", TEXT).vector());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n\u3000"})
    void withEmptyTextHasAUnitVector(String text) {
      for (String instruction : List.of("", INSTRUCTION)) {
        Embedding row = embed(instruction, text);
        assertThat(row.error()).isNull();
        assertThat(VectorMath.norm(row.vector())).isBetween(1 - 1e-5, 1 + 1e-5);
      }
    }

    @Test
    void countsInstructionTextAndEndToken() {
      assertThat(embed(INSTRUCTION, TEXT).tokenCount()).isEqualTo(21); // golden plain-colon-space
    }

    @Test
    void thatFailsCostsTheOthersNothing() {
      List<Embedding> rows =
          embed(
                  Arrays.asList(INSTRUCTION, "peopl", null, INSTRUCTION),
                  Arrays.asList(TEXT, "e", TEXT, null))
              .rows();
      assertThat(rows).hasSize(4);
      assertThat(VectorMath.maxDifference(rows.get(0).vector(), embed(INSTRUCTION, TEXT).vector()))
          .isLessThan(1e-6);
      assertThat(rows.get(1).error()).contains("no token of the text is left");
      assertThat(rows.get(1).vector()).isNull();
      assertThat(rows.get(1).tokenCount()).isZero();
      assertThat(VectorMath.maxDifference(rows.get(2).vector(), embed("", TEXT).vector()))
          .isLessThan(1e-6);
      assertThat(rows.get(3)).isEqualTo(new Embedding(null, 0, false, null));
    }

    @Test
    void isReadDifferentlyWithAndWithoutTheSpaceAfterTheColon() {
      assertThat(VectorMath.maxDifference(embed("X:", TEXT).vector(), embed("X: ", TEXT).vector()))
          .isGreaterThan(1e-3);
    }

    @Test
    void withLoneSurrogatesLeavesItsNeighboursAlone() {
      List<Embedding> rows =
          embed(List.of("", "", ""), List.of(TEXT, "broken \uD83D text", TEXT)).rows();
      assertThat(rows.get(1).vector())
          .isEqualTo(
              embed(List.of("", "", ""), List.of(TEXT, "broken \uFFFD text", TEXT))
                  .rows()
                  .get(1)
                  .vector());
      assertThat(VectorMath.maxDifference(rows.get(0).vector(), embed("", TEXT).vector()))
          .isLessThan(1e-6);
      assertThat(rows.get(2).vector()).isEqualTo(rows.get(0).vector());
    }

    @ParameterizedTest
    @EnumSource(LongText.class)
    void ofAMegabyteIsDoneInSeconds(LongText longText) {
      String text = Texts.random(new Random(1), 200_000);
      assertThat(text.length()).isGreaterThan(900_000);
      Embedding row =
          Assertions.assertTimeout(
              Duration.ofSeconds(60),
              () ->
                  embedder(128, longText, 4096)
                      .embed(List.of(INSTRUCTION), List.of(text))
                      .rows()
                      .get(0));
      assertThat(row.vector() == null).isEqualTo(longText == LongText.ERROR);
      assertThat(row.truncated()).isEqualTo(longText == LongText.TRUNCATE);
    }
  }

  @Nested
  class Rows {
    @Test
    void canBeNone() {
      Embeddings none = embed(List.of(), List.of());
      assertThat(none.rows()).isEmpty();
      assertThat(none.work().batches()).isZero();
    }

    @Test
    void needAnInstructionEach() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> embed(List.of(""), List.of("a", "b")))
          .withMessageContaining("got 1 instructions and 2 texts");
    }

    @Test
    void areCounted() {
      Embeddings embeddings =
          embedder(512, LongText.TRUNCATE, 42)
              .embed(
                  Arrays.asList(INSTRUCTION, "", INSTRUCTION, "", "peopl"),
                  Arrays.asList(TEXT, "", OTHER, null, "e"));
      Work work = embeddings.work();
      assertThat(work.texts()).isEqualTo(3);
      assertThat(work.encoded()).isEqualTo(3);
      assertThat(work.tokens()).isEqualTo(21 + 1 + 21);
      assertThat(work.batches()).isEqualTo(2); // two of 21 tokens fill 42
      assertThat(work.paddedTokens()).isEqualTo(42 + 1);
      assertThat(work.tokenizerNanos()).isPositive();
      assertThat(work.modelNanos()).isPositive();
      assertThat(embeddings.rows().stream().mapToLong(Embedding::tokenCount).sum())
          .isEqualTo(work.tokens());
    }

    @Test
    void arePaddedToTheLongestOfTheirBatch() {
      Work work = embed(List.of(INSTRUCTION, ""), List.of(TEXT, "")).work();
      assertThat(work.batches()).isEqualTo(1);
      assertThat(work.tokens()).isEqualTo(22);
      assertThat(work.paddedTokens()).isEqualTo(42);
    }
  }

  @Nested
  class RowsWithTheSameTokens {
    @Test
    void areEncodedOnce() {
      Embeddings embeddings =
          embed(
              List.of(INSTRUCTION, INSTRUCTION, INSTRUCTION, ""),
              List.of(TEXT, OTHER, TEXT, INSTRUCTION + TEXT));
      List<Embedding> rows = embeddings.rows();
      assertThat(rows.get(2).vector()).isSameAs(rows.get(0).vector());
      assertThat(rows.get(2).tokenCount()).isEqualTo(21);
      assertThat(rows.get(3).vector()).isNotEqualTo(rows.get(0).vector()); // averages all of them
      assertThat(embeddings.work().texts()).isEqualTo(4);
      assertThat(embeddings.work().encoded()).isEqualTo(3);
      assertThat(embeddings.work().tokens()).isEqualTo(3 * 21);
    }

    @Test
    void haveTheVectorThatOneOfThemHasAlone() {
      List<Embedding> rows = embed(List.of("", "", ""), List.of(TEXT, TEXT, OTHER)).rows();
      assertThat(VectorMath.maxDifference(rows.get(1).vector(), embed("", TEXT).vector()))
          .isLessThan(1e-6);
    }
  }

  /** A tokenizer of 10,112 tokens over weights for 2,048: libtorch itself fails on the others. */
  @Nested
  class TextsThatTheWeightsCannotRead {
    private static final String KNOWN = "the water of the";
    private static final String GUILTY = "the dishwasher";

    private final Checkpoint checkpoint = Fixtures.checkpoint("builtin:instructor-mini");

    private List<Embedding> embed(BatchWatch watch, String... texts) {
      try (InstructorModel patched =
          InstructorModel.of(
              checkpoint,
              T5Encoder.load(Fixtures.checkpoint("tiny-base"), Device.CPU, Precision.FP32))) {
        return patched
            .embedder(Fixtures.spec(checkpoint, Compatibility.V1_0_1, 512), EmbedOptions.DEFAULT)
            .embed(Collections.nCopies(texts.length, ""), List.of(texts), watch)
            .rows();
      }
    }

    @Test
    void getTheErrorAndTheirNeighboursTheirVectors() {
      int[] told = new int[1];
      List<Embedding> rows =
          embed((n, tokens) -> told[0] += n, KNOWN, GUILTY, KNOWN + " water", GUILTY + " water");
      Embedding alone = embed((n, tokens) -> {}, KNOWN).get(0);
      assertThat(VectorMath.maxDifference(rows.get(0).vector(), alone.vector())).isLessThan(1e-6);
      assertThat(rows.get(2).vector()).isNotNull();
      for (int guilty : List.of(1, 3)) {
        assertThat(rows.get(guilty).vector()).isNull();
        assertThat(rows.get(guilty).error())
            .contains("the forward pass over 1 texts")
            .contains("index out of range");
      }
      assertThat(told[0]).isEqualTo(4);
    }
  }

  @Nested
  class ALongText {
    private final String text = Texts.random(new Random(2), 90);

    private Embedding embedLong(int maxLength, LongText longText, String some) {
      return embedder(maxLength, longText, 512)
          .embed(List.of(INSTRUCTION), List.of(some))
          .rows()
          .get(0);
    }

    @Test
    void truncatedIsFlaggedAndCountsWhatWasRead() {
      Embedding row = embedLong(40, LongText.TRUNCATE, text);
      assertThat(row.truncated()).isTrue();
      assertThat(row.tokenCount()).isEqualTo(40);
      assertThat(VectorMath.norm(row.vector())).isBetween(1 - 1e-5, 1 + 1e-5);
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 40, 64})
    void inPiecesIsTheMeanOfTheirUnitVectorsByTheirTokens(int maxLength) {
      Embedding row = embedLong(maxLength, LongText.CHUNK, text);
      Tokenized pieces = tokenize(maxLength);
      double[] sum = new double[model.dimension()];
      int tokens = 0;
      for (Piece piece : pieces.pieces()) {
        float[] unit =
            model.encode(new TokenBatch(List.of(piece.ids()), new int[] {piece.textStart()}))[0];
        int textTokens = piece.ids().length - 1 - piece.textStart();
        for (int d = 0; d < sum.length; d++) {
          sum[d] += textTokens * (double) unit[d];
        }
        tokens += piece.ids().length;
      }
      double norm = Math.sqrt(Arrays.stream(sum).map(x -> x * x).sum());
      float[] expected = new float[sum.length];
      for (int d = 0; d < sum.length; d++) {
        expected[d] = (float) (sum[d] / norm);
      }
      assertThat(pieces.pieces()).hasSizeGreaterThan(1);
      assertThat(VectorMath.maxDifference(row.vector(), expected)).isLessThan(1e-6);
      assertThat(VectorMath.norm(row.vector())).isBetween(1 - 1e-5, 1 + 1e-5);
      assertThat(row.tokenCount()).isEqualTo(tokens);
      assertThat(row.truncated()).isFalse();
    }

    private Tokenized tokenize(int maxLength) {
      Checkpoint checkpoint = model.checkpoint();
      try (T5Tokenizer tokenizer = new T5Tokenizer(checkpoint.tokenizerJson(), "tiny-base")) {
        ModelSpec spec = Fixtures.spec(checkpoint, Compatibility.V1_0_1, maxLength);
        return new RowTokenizer(tokenizer, spec, false, LongText.CHUNK)
            .tokenize(0, INSTRUCTION, text);
      }
    }

    @Test
    void inPiecesBesideShortOnesGetsItsOwnVector() {
      List<Embedding> rows =
          embedder(40, LongText.CHUNK, 512)
              .embed(
                  List.of(INSTRUCTION, INSTRUCTION, INSTRUCTION, "peopl"),
                  List.of(TEXT, text, TEXT + " again", "e"))
              .rows();
      assertThat(
              VectorMath.maxDifference(
                  rows.get(1).vector(), embedLong(40, LongText.CHUNK, text).vector()))
          .isLessThan(1e-6);
      assertThat(
              VectorMath.maxDifference(
                  rows.get(2).vector(), embedLong(40, LongText.CHUNK, TEXT + " again").vector()))
          .isLessThan(1e-6);
    }

    @ParameterizedTest
    @EnumSource(LongText.class)
    void thatIsShortIsTheSameWhateverBecomesOfLongOnes(LongText longText) {
      assertThat(embedLong(64, longText, TEXT).vector())
          .isEqualTo(embed(INSTRUCTION, TEXT).vector());
    }

    @Test
    void underErrorHasNoVector() {
      Embedding row = embedLong(40, LongText.ERROR, text);
      assertThat(row.vector()).isNull();
      assertThat(row.truncated()).isFalse();
      assertThat(row.error()).contains("the window holds 40");
    }
  }

  @Nested
  class AModelWhoseVectorsHaveNoDirection {
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(floats = {0, Float.MAX_VALUE}) // whose sums overflow
    void givesAnErrorInPlaceOfAVector(float number) throws IOException {
      Checkpoint checkpoint = withDense(number);
      try (InstructorModel broken = InstructorModel.load(checkpoint, Device.CPU, Precision.FP32)) {
        Embedding row =
            broken
                .embedder(
                    Fixtures.spec(checkpoint, Compatibility.V1_0_1, 512), EmbedOptions.DEFAULT)
                .embed(List.of(""), List.of(TEXT))
                .rows()
                .get(0);
        assertThat(row.vector()).isNull();
        assertThat(row.error()).contains("no direction");
      }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void isNotLoadedWhereItsWeightsAreNoNumbers(float number) throws IOException {
      Checkpoint checkpoint = withDense(number);

      assertThatExceptionOfType(CheckpointException.class)
          .isThrownBy(() -> InstructorModel.load(checkpoint, Device.CPU, Precision.FP32))
          .withMessageContainingAll("2_Dense", "linear.weight", "is NaN or infinite at [0, 0]");
    }

    private Checkpoint withDense(float number) throws IOException {
      RandomCheckpoint random =
          RandomCheckpoint.write(folder.resolve("model"), RandomCheckpoint.SMALL, 1);
      overwrite(random.folder().resolve("2_Dense/model.safetensors"), number);
      return random.open();
    }

    private static void overwrite(Path safetensors, float number) throws IOException {
      ByteBuffer file =
          ByteBuffer.wrap(Files.readAllBytes(safetensors)).order(ByteOrder.LITTLE_ENDIAN);
      file.position(8 + (int) file.getLong(0));
      while (file.hasRemaining()) {
        file.putFloat(number);
      }
      Files.write(safetensors, file.array());
    }
  }

  @Nested
  class RoomForText {
    @Test
    void isCheckedWithoutLoadingAModel() {
      ModelSpec narrow = Fixtures.spec(model.checkpoint(), Compatibility.V1_0_1, 12);
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> InstructorModel.requireRoomForText(model.checkpoint(), narrow, INSTRUCTION))
          .withMessageContaining("fills the window of 12");
      InstructorModel.requireRoomForText(model.checkpoint(), narrow, "Short: ");
    }
  }
}
