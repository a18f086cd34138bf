package io.instructorspark.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a command ends its process. */
class MainTest {
  private static final String RETURNED = "main returned";

  @TempDir Path folder;

  /** A driver: Spark's settings of it, then the command. */
  static final class Driver {
    public static void main(String[] arguments) {
      System.setProperty("spark.master", arguments[0]);
      System.setProperty("spark.submit.deployMode", arguments[1]);
      Main.main(new String[] {"instructions", arguments[2]});
      System.out.println(RETURNED);
    }
  }

  @ParameterizedTest(name = "{2} on {0} in mode {1}: status {3}, returns: {4}")
  @CsvSource({
    "local[1], client, list, 0, false",
    "yarn, client, list, 0, false",
    "k8s://https://host, cluster, list, 0, false",
    "yarn, cluster, list, 0, true",
    "yarn, cluster, lisst, 2, false"
  })
  void exitsWithTheStatusAndReturnsToYarnWhenAllIsWell(
      String master, String mode, String action, int status, boolean returns) throws Exception {
    Path log = folder.resolve("log");
    Process driver = Jvms.start(log, "256m", Driver.class, master, mode, action);
    assertThat(driver.waitFor(120, TimeUnit.SECONDS)).isTrue();
    String said = Files.readString(log);
    assertThat(driver.exitValue()).as(said).isEqualTo(status);
    assertThat(said.contains(RETURNED)).as(said).isEqualTo(returns);
  }
}
