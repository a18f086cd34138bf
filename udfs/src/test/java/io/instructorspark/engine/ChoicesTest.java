package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.instructorspark.text.Compatibility;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
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
  class ADevice {
    @ParameterizedTest
    @ValueSource(strings = {"auto", "cpu", "cuda", "cuda:0", "cuda:15"})
    void isNamedByItsLabelInAnyCase(String label) {
      assertThat(Device.of(label)).hasToString(label).isEqualTo(Device.of(label.toUpperCase()));
      assertThat(Device.of(label.toUpperCase()).label()).isEqualTo(label);
    }

    @Test
    void mayBeAGpuByItsNumber() {
      assertThat(Device.gpu(3)).isEqualTo(Device.of("cuda:3"));
      assertThat(Device.gpu(3).number()).hasValue(3);
      assertThat(Device.CUDA.number()).isEmpty();
      assertThat(Device.AUTO.number()).isEmpty();
      assertThat(Device.CPU.number()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "cuda:",
          "cuda:-1",
          "cuda:01",
          "cuda:x",
          "cuda:12345",
          "gpu:0",
          "cuda: 1",
          "cpu:0"
        })
    void isNothingElse(String label) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Device.of(label))
          .withMessageContaining("device must be one of auto, cpu, cuda, cuda:N")
          .withMessageContaining("got '%s'".formatted(label));
    }

    @Test
    void travels() throws Exception {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(List.of(Device.gpu(1), Device.AUTO));
      }
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        assertThat(in.readObject()).isEqualTo(List.of(Device.of("cuda:1"), Device.AUTO));
      }
    }

    @Test
    void isChangedInASpecificationAlone() {
      ModelSpec spec = new ModelSpec("x", "f", Compatibility.ST, Device.CUDA, Precision.BF16, 99);
      assertThat(spec.on(Device.gpu(1)))
          .isEqualTo(new ModelSpec("x", "f", Compatibility.ST, Device.gpu(1), Precision.BF16, 99));
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

    @ParameterizedTest(name = "of {0} tokens, {1} bytes each, in {2} bytes: {3}")
    @CsvSource({
      "512, 1000, 10000000, 512",
      "512, 1000, 1024000, 512",
      "512, 1000, 1000000, 500",
      "100000, 1000, 10000000, 5000",
      "512, 1000, 1000, 64",
      "512, 1000, 0, 64",
      "32, 1000, 0, 32",
    })
    void keepAPassWithinHalfOfItsMemory(int asked, long bytes, long share, int expected) {
      assertThat(new BatchBudget(asked).within(bytes, share).maxTokens()).isEqualTo(expected);
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
    void isNamedAsItWasAskedFor() {
      assumeTrue(LibTorch.gpuCount() == 0);
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> InstructorModel.requireDevice(Device.gpu(1)))
          .withMessageContaining("device cuda:1 was asked for")
          .withMessageContaining("sees no NVIDIA GPU");
    }

    @Test
    void isComparedWithTheGpusThereAre() {
      LibTorch.requireGpu(Device.gpu(1), 1, 2, "2.7.1");
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> LibTorch.requireGpu(Device.gpu(2), 2, 2, "2.7.1"))
          .withMessageContaining("device cuda:2 was asked for")
          .withMessageContaining("sees 2 NVIDIA GPUs, cuda:0 to cuda:1")
          .withMessageContaining("CUDA_VISIBLE_DEVICES");
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
