package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsAtExitIT {
  /** The passes that the thread has before it take minutes. */
  private static final long SECONDS = 40;

  @TempDir Path folder;

  @Test
  void doNotKeepTheJvmFromEndingWhileAPassIsUnderWay() throws Exception {
    Path output = folder.resolve("output");
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                ModelsAtExitProbe.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = jvm.waitFor(SECONDS, TimeUnit.SECONDS);
    jvm.destroyForcibly();
    assertThat(ended).as("ended in time").isTrue();
    assertThat(jvm.waitFor()).as(Files.readString(output)).isZero();
  }
}
