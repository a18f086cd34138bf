package io.instructorspark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;

class JavaOptionsTest {
  /** Prints a warning at every start; the file says so. */
  private static final String LOUD = "--add-modules=jdk.incubator.vector";

  @Test
  void areThoseThatSparkAsksForOnThisJdk() throws IOException {
    SparkVersion.assumeThePomsOwn("the file is for the Spark that comes with the program");
    assertThat(options()).containsExactlyElementsOf(asked());
  }

  @Test
  void openTheModulesThatSparkNeeds() throws IOException {
    assertThat(options())
        .containsAll(asked().stream().filter(option -> option.startsWith("--add-opens")).toList());
  }

  private static List<String> options() throws IOException {
    return Files.readAllLines(Path.of("../conf/java-options")).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .toList();
  }

  private static List<String> asked() {
    return Stream.of(JavaModuleOptions.defaultModuleOptions().trim().split("\\s+"))
        .filter(option -> !option.equals(LOUD))
        .toList();
  }
}
