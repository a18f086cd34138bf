package io.instructorspark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;

class JavaOptionsTest {
  @Test
  void areThoseThatSparkAsksForOnThisJdk() throws IOException {
    List<String> options =
        Files.readAllLines(Path.of("../conf/java-options")).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .toList();
    assertThat(options).containsExactly(JavaModuleOptions.defaultModuleOptionArray());
  }
}
