package io.instructorspark.job.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.instructorspark.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The commands as the launcher starts them, from the jars that were built. */
@DisabledOnOs(OS.WINDOWS)
class ModelLauncherIT {
  private record Run(int status, String out) {}

  private static Run instructor(String... arguments) throws IOException, InterruptedException {
    List<String> all =
        Stream.concat(Stream.of("../scripts/instructor", "model"), Stream.of(arguments)).toList();
    ProcessBuilder launcher =
        new ProcessBuilder(all).redirectError(ProcessBuilder.Redirect.INHERIT);
    launcher.directory(Path.of("").toAbsolutePath().toFile());
    launcher.environment().put("JAVA_HOME", System.getProperty("java.home"));
    launcher.environment().remove("SPARK_HOME");
    Process process = launcher.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), out);
  }

  @Test
  void tellWhatTheBuiltInModelIs() throws Exception {
    Run run = instructor("info", "builtin:instructor-mini");
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .contains(Checkpoint.open("builtin:instructor-mini").fingerprint())
        .contains("known as     builtin:instructor-mini");
  }

  @Test
  void findNothingWrongWithIt() throws Exception {
    Run run = instructor("verify", "builtin:instructor-mini");
    assertThat(run.out()).contains("OK: builtin:instructor-mini");
    assertThat(run.status()).isZero();
  }

  @Test
  void failWhereThereIsNothing() throws Exception {
    assertThat(instructor("verify", "/no/such/checkpoint").status()).isEqualTo(1);
    assertThat(instructor("info").status()).isEqualTo(2);
  }
}
