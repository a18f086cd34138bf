package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.DenseActivation;
import io.instructorspark.checkpoint.DenseConfig;
import io.instructorspark.checkpoint.T5Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/deployment.md and the files of settings give an executor is what the engine takes. */
class MemoryTableTest {
  private static final int MAX_LENGTH = 512;
  private static final long LIBTORCH_AND_JVM = 1L << 30;
  private static final long STEP = 256L << 20;
  private static final int SETTINGS_CORES = 4;

  private static final DenseConfig TO_768 =
      new DenseConfig(768, 768, false, DenseActivation.IDENTITY);
  private static final DenseConfig FROM_1024 =
      new DenseConfig(1_024, 768, false, DenseActivation.IDENTITY);

  private record Model(String name, T5Config encoder, DenseConfig dense) {}

  /** The sizes of the published checkpoints, by their config.json. */
  private static List<Model> models() {
    Checkpoint mini = Fixtures.checkpoint("builtin:instructor-mini");
    return List.of(
        new Model("`builtin:instructor-mini`", mini.config(), mini.dense()),
        new Model("instructor-base", encoder(768, 64, 3_072, 12, 12), TO_768),
        new Model("instructor-large", encoder(1_024, 64, 4_096, 24, 16), FROM_1024),
        new Model("instructor-xl", encoder(1_024, 128, 16_384, 24, 32), FROM_1024));
  }

  private static T5Config encoder(int model, int head, int feedForward, int layers, int heads) {
    return new T5Config(32_128, model, head, feedForward, layers, heads, 32, 128, 1e-6);
  }

  @Test
  void standsInTheDocument() throws IOException {
    List<String> rows = new ArrayList<>();
    for (Model model : models()) {
      for (Precision precision : Precision.values()) {
        rows.add(row(model, precision));
      }
    }
    assertThat(Files.readAllLines(Path.of("../docs/deployment.md"))).containsSubsequence(rows);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yarn", "emr", "kubernetes"})
  void standsInTheSettingsOfPlacesThatEnforceIt(String place) throws IOException {
    String settings = Files.readString(Path.of("../conf/spark-defaults-%s.conf".formatted(place)));
    assertThat(setting(settings, "spark.executor.cores")).isEqualTo("" + SETTINGS_CORES);
    assertThat(setting(settings, "spark.executor.memoryOverhead"))
        .isEqualTo(overhead(models().get(2), Precision.FP32, SETTINGS_CORES));
  }

  private static String row(Model model, Precision precision) {
    return String.format(
        Locale.ROOT,
        "| %s | `%s` | %.2f GB | %.0f MB | %s | %s | %s |",
        model.name(),
        precision,
        memory(model, precision).weights() / 1e9,
        pass(model, precision) / 1e6,
        overhead(model, precision, 1),
        overhead(model, precision, SETTINGS_CORES),
        overhead(model, precision, 8));
  }

  private static ModelMemory memory(Model model, Precision precision) {
    return ModelMemory.of(model.encoder(), model.dense(), MAX_LENGTH, precision);
  }

  /** A batch of the engine's own choice, of the longest texts. */
  private static long pass(Model model, Precision precision) {
    long token = new PassMemory(model.encoder(), precision).bytesOfToken(MAX_LENGTH);
    return BatchBudget.of(model.encoder(), false).maxTokens() * token;
  }

  /** So much that no batch is made smaller: a pass gets half of what is left for its core. */
  private static String overhead(Model model, Precision precision, int cores) {
    ModelMemory memory = memory(model, precision);
    long bytes =
        memory.loading()
            + memory.positions()
            + 2 * cores * pass(model, precision)
            + LIBTORCH_AND_JVM;
    return (bytes + STEP - 1) / STEP * (STEP >> 20) + "m";
  }

  private static String setting(String settings, String key) {
    Matcher line = Pattern.compile("(?m)^" + Pattern.quote(key) + "\\s+(\\S+)$").matcher(settings);
    assertThat(line.find()).as(key).isTrue();
    return line.group(1);
  }
}
