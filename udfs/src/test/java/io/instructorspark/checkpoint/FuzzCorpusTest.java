package io.instructorspark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The inputs that {@code scripts/fuzz} found worth keeping, each through its reader again: one for
 * each new path through the code, and whatever once broke a rule.
 */
class FuzzCorpusTest {
  private static final Path CORPUS =
      Path.of("src/test/resources/io/instructorspark/checkpoint/fuzz").toAbsolutePath();

  static List<Path> inputs() throws IOException {
    return files(CORPUS);
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void isReadOrRefusedWithinBounds(Path input) throws IOException {
    run(input);
  }

  @Test
  void hasInputsForEveryReader() throws IOException {
    assertThat(inputs())
        .extracting(path -> path.getParent().getFileName().toString())
        .contains("safetensors", "torch", "tokenizer", "config");
  }

  @Test
  void seedsAreReadOrRefusedWithinBounds(@TempDir Path folder) throws IOException {
    FuzzSeeds.main(new String[] {folder.toString()});
    for (Path seed : files(folder)) {
      run(seed);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void run(Path input) throws IOException {
    byte[] content = Files.readAllBytes(input);
    switch (input.getParent().getFileName().toString()) {
      case "safetensors" -> SafetensorsFuzz.fuzzerTestOneInput(content);
      case "torch" -> TorchFuzz.fuzzerTestOneInput(content);
      case "tokenizer" -> TokenizerFuzz.fuzzerTestOneInput(content);
      case "config" -> ConfigFuzz.fuzzerTestOneInput(content);
      default -> throw new AssertionError("no reader for " + input);
    }
  }
}
