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
    List<String> options =
        Files.readAllLines(Path.of("../conf/java-options")).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .toList();
    assertThat(options)
        .containsExactlyElementsOf(
            Stream.of(JavaModuleOptions.defaultModuleOptionArray())
                .filter(option -> !option.equals(LOUD))
                .toList());
  }
}
