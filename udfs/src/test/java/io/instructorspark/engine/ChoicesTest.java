package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.instructorspark.text.Compatibility;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller may ask for, and what is said to one who asks for something else. */
class ChoicesTest {
  @Nested
  class Labels {
    @Test
    void areReadInAnyCase() {
      assertThat(Device.of("CPU")).isEqualTo(Device.CPU);
      assertThat(Precision.of("Bf16")).isEqualTo(Precision.BF16);
      assertThat(LongText.of("chunk")).isEqualTo(LongText.CHUNK);
    }

    @Test
    void areThoseOfTheDocumentation() {
      assertThat(Device.labels()).containsExactly("auto", "cpu", "cuda", "cuda:N");
      assertThat(Precision.labels()).containsExactly("fp32", "bf16");
      assertThat(LongText.labels()).containsExactly("truncate", "chunk", "error");
    }

    @Test
    void standForTheirChoiceInMessages() {
      assertThat(Device.AUTO).hasToString("auto");
      assertThat(Precision.FP32).hasToString("fp32");
      assertThat(LongText.ERROR).hasToString("error");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "fp16", " cpu"})
    void thatDoNotExistAreAnsweredByTheChoices(String label) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Device.of(label))
          .withMessageContaining("device must be one of auto, cpu, cuda, cuda:N")
          .withMessageContaining("got '%s'".formatted(label));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Precision.of(label))
          .withMessage("precision must be one of fp32, bf16, got '%s'".formatted(label));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> LongText.of(label))
          .withMessage("longText must be one of truncate, chunk, error, got '%s'".formatted(label));
    }
  }

  @Nested
  class Limits {
    @Test
    void refuseNegativeTokensAndSayAStart() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new BatchLimits(-1, 1))
          .withMessageContaining("maxTokensPerBatch must be > 0")
          .withMessageContaining("got -1")
          .withMessageContaining("512");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void refuseAnEmptyWindowAndSayTheDefault(int windowSize) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new BatchLimits(512, windowSize))
          .withMessageContaining("windowSize must be > 0, got " + windowSize)
          .withMessageContaining("4096");
    }

    @Test
    void refuseNoThreads() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new EmbedOptions(LongText.TRUNCATE, BatchLimits.DEFAULT, 0))
          .withMessage("threads must be > 0, got 0");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 0, -1})
    void refuseAWindowWithoutRoomForAToken(int maxLength) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  new ModelSpec("x", "f", Compatibility.ST, Device.CPU, Precision.FP32, maxLength))
          .withMessageContaining("maxLength must be at least 2")
          .withMessageContaining("got " + maxLength);
    }

    @Test
    void leaveTheEngineABudgetThatShrinksAsTheModelGrows() {
      int tiny = BatchBudget.of(Fixtures.checkpoint("tiny-base").config(), false).maxTokens();
      int onGpu = BatchBudget.of(Fixtures.checkpoint("tiny-base").config(), true).maxTokens();
      int mini =
          BatchBudget.of(Fixtures.checkpoint("builtin:instructor-mini").config(), false)
              .maxTokens();
      assertThat(mini).isEqualTo(512);
      assertThat(tiny).isBetween(mini + 1, 4096);
      assertThat(onGpu).isGreaterThan(tiny);
    }
  }

  @Nested
  class ATokenBatch {
    @ParameterizedTest(name = "3 tokens, text from {0}")
    @ValueSource(ints = {-1, 3, 4})
    void refusesATextWithNothingToAverage(int textStart) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  new TokenBatch(
                      List.of(new int[] {1}, new int[] {4, 5, 1}), new int[] {0, textStart}))
          .withMessage(
              "text 1 of the batch has 3 tokens, none at or after its text start " + textStart);
    }

    @Test
    void refusesATextWithoutTokens() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new TokenBatch(List.of(new int[0]), new int[1]))
          .withMessageContaining("has 0 tokens");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 2", "2, 1"})
    void needsOneStartForEachTextAndOneText(int texts, int starts) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> new TokenBatch(Collections.nCopies(texts, new int[] {1}), new int[starts]))
          .withMessageContaining("got %d texts and %d starts".formatted(texts, starts));
    }

    @Test
    void countsItsTokens() {
      TokenBatch batch = new TokenBatch(List.of(new int[] {1}, new int[] {4, 5, 1}), new int[2]);
      assertThat(batch.size()).isEqualTo(2);
      assertThat(batch.tokens()).isEqualTo(3);
      assertThat(batch.realTokens()).isEqualTo(4);
    }
  }

  @Nested
  class ADeviceThatIsNotThere {
    @Test
    void isAnErrorThatSaysHowToGetIt() {
      assumeTrue(LibTorch.engine().getGpuCount() == 0);
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> InstructorModel.requireDevice(Device.CUDA))
          .withMessageContaining("sees no NVIDIA GPU")
          .withMessageContaining("pytorch-native-cu128:" + InstructorModel.libtorchVersion())
          .withMessageContaining("PYTORCH_LIBRARY_PATH")
          .withMessageContaining("ask for cpu or auto");
    }

    @Test
    void doesNotLoadAModel() {
      assumeTrue(LibTorch.engine().getGpuCount() == 0);
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(
              () ->
                  InstructorModel.load(
                      Fixtures.checkpoint("tiny-base"), Device.CUDA, Precision.FP32))
          .withMessageContaining("cuda");
    }

    @Test
    void isReplacedByTheProcessorUnderAuto() {
      assumeTrue(LibTorch.engine().getGpuCount() == 0);
      InstructorModel.requireDevice(Device.AUTO);
      try (T5Encoder encoder =
          T5Encoder.load(Fixtures.checkpoint("tiny-base"), Device.AUTO, Precision.FP32)) {
        assertThat(encoder.onGpu()).isFalse();
      }
    }
  }
}
