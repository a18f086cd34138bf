package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.engine.Goldens.Golden;
import io.instructorspark.engine.RowTokenizer.Tokenized;
import io.instructorspark.text.Compatibility;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Ids, pooled positions and vectors equal the reference's on every fixture, in every mode. */
class ParityIT {
  private static final String CHECKPOINTS =
      """
      tiny-base,               tiny-base/golden.jsonl
      tiny-xl,                 tiny-xl/golden.jsonl
      tiny-fp16,               tiny-fp16/golden.jsonl
      tiny-sharded,            tiny-sharded/golden.jsonl
      builtin:instructor-mini, instructor-mini-golden.jsonl
      """;

  @Nested
  class Tokens {
    @ParameterizedTest
    @CsvSource(textBlock = CHECKPOINTS)
    void haveTheReferencesIdsAndPooledPositions(String name, String goldens) {
      Checkpoint checkpoint = Fixtures.checkpoint(name);
      try (T5Tokenizer tokenizer = new T5Tokenizer(checkpoint.tokenizerJson(), name)) {
        for (Golden golden : Goldens.of(goldens)) {
          ModelSpec spec = Fixtures.spec(checkpoint, golden.mode(), golden.maxLength());
          Tokenized row =
              new RowTokenizer(tokenizer, spec, checkpoint.doLowerCase(), LongText.TRUNCATE)
                  .tokenize(0, golden.instruction(), golden.text());
          if (golden.instructionFillsTheWindow()) {
            assertThat(row.error())
                .as(golden.name())
                .contains("fills the window of " + golden.maxLength());
          } else {
            assertThat(row.pieces()).as(golden.name()).hasSize(1);
            assertThat(row.pieces().get(0).ids()).as(golden.name()).isEqualTo(golden.ids());
            assertThat(row.pieces().get(0).textStart())
                .as(golden.name())
                .isEqualTo(golden.textStart());
          }
        }
      }
    }
  }

  @Nested
  class Vectors {
    @ParameterizedTest
    @CsvSource(textBlock = CHECKPOINTS)
    void areTheReferencesInFp32(String name, String goldens) {
      try (InstructorModel model = Fixtures.model(name)) {
        requireEqual(model, Goldens.of(goldens));
      }
    }

    @ParameterizedTest
    @CsvSource(textBlock = CHECKPOINTS)
    void areTheReferencesInFp32WithoutPacking(String name, String goldens) {
      try (InstructorModel model = plain(name, Precision.FP32)) {
        requireEqual(model, ofOneMode(goldens));
      }
    }

    @ParameterizedTest
    @CsvSource(textBlock = CHECKPOINTS)
    void pointWhereTheReferencesPointInBf16(String name, String goldens) {
      Checkpoint checkpoint = Fixtures.checkpoint(name);
      try (InstructorModel model = InstructorModel.load(checkpoint, Device.CPU, Precision.BF16)) {
        requireAlmostEqual(model, ofOneMode(goldens));
      }
    }

    @ParameterizedTest
    @CsvSource(textBlock = CHECKPOINTS)
    void pointWhereTheReferencesPointInBf16WithoutPacking(String name, String goldens) {
      try (InstructorModel model = plain(name, Precision.BF16)) {
        requireAlmostEqual(model, ofOneMode(goldens));
      }
    }

    /** Modes differ in their tokens alone, which are compared above for each. */
    private List<Golden> ofOneMode(String goldens) {
      return Goldens.of(goldens).stream().filter(g -> g.mode() == Compatibility.V1_0_1).toList();
    }

    private void requireEqual(InstructorModel model, List<Golden> goldens) {
      forEachVector(
          model,
          goldens,
          (golden, vector) -> {
            assertThat(VectorMath.maxDifference(vector, golden.vector()))
                .as(golden.name())
                .isLessThan(1e-5);
            assertThat(VectorMath.norm(vector)).as(golden.name()).isBetween(1 - 1e-5, 1 + 1e-5);
          });
    }

    private void requireAlmostEqual(InstructorModel model, List<Golden> goldens) {
      forEachVector(
          model,
          goldens,
          (golden, vector) -> {
            assertThat(VectorMath.cosine(vector, golden.vector()))
                .as(golden.name())
                .isGreaterThanOrEqualTo(0.999);
            assertThat(VectorMath.norm(vector)).as(golden.name()).isBetween(1 - 1e-5, 1 + 1e-5);
          });
    }

    private InstructorModel plain(String name, Precision precision) {
      Checkpoint checkpoint = Fixtures.checkpoint(name);
      return InstructorModel.of(checkpoint, Fixtures.encoder(checkpoint, precision, Packing.NONE));
    }
  }

  @Nested
  class LoadingOnX86Linux {
    @ParameterizedTest
    @EnumSource(Precision.class)
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void takesOneDnnsPackedMatrices(Precision precision) throws IOException {
      assumeTrue(
          precision == Precision.FP32 || hasInstructionsForBf16(),
          "this machine's processor has no such products");
      try (T5Encoder encoder =
          T5Encoder.load(Fixtures.checkpoint("tiny-base"), Device.CPU, precision)) {
        assertThat(encoder.packing()).isEqualTo(Packing.ONEDNN);
      }
    }

    /** As libtorch asks the processor before it packs such matrices. */
    private static boolean hasInstructionsForBf16() throws IOException {
      Set<String> words =
          new HashSet<>(List.of(Files.readString(Path.of("/proc/cpuinfo")).split("\\s+")));
      return words.contains("avx_ne_convert")
          || words.containsAll(List.of("avx512bw", "avx512vl", "avx512dq"));
    }
  }

  private interface Check {
    void accept(Golden golden, float[] vector);
  }

  /** Embeds all goldens of a mode and window together, so that batches mix lengths. */
  private static void forEachVector(InstructorModel model, List<Golden> goldens, Check check) {
    record Window(Compatibility mode, int maxLength) {}
    Map<Window, List<Golden>> windows = new LinkedHashMap<>();
    goldens.stream()
        .filter(golden -> !golden.instructionFillsTheWindow())
        .forEach(
            g ->
                windows
                    .computeIfAbsent(new Window(g.mode(), g.maxLength()), w -> new ArrayList<>())
                    .add(g));
    windows.forEach(
        (window, list) -> {
          ModelSpec spec = Fixtures.spec(model.checkpoint(), window.mode(), window.maxLength());
          List<Embedding> rows =
              model
                  .embedder(spec, EmbedOptions.DEFAULT)
                  .embed(
                      list.stream().map(Golden::instruction).toList(),
                      list.stream().map(Golden::text).toList())
                  .rows();
          for (int i = 0; i < list.size(); i++) {
            assertThat(rows.get(i).error()).as(list.get(i).name()).isNull();
            check.accept(list.get(i), rows.get(i).vector());
          }
        });
  }
}
