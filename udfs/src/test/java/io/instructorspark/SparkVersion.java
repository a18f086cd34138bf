package io.instructorspark;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.package$;

/** The Spark that the tests run with: the pom's own, or the one that the build was told to take. */
public final class SparkVersion {
  private SparkVersion() {}

  /** Leaves a test out on any version but the pom's own. */
  public static void assumeThePomsOwn(String reason) {
    try {
      assumeThat(Files.readString(Path.of("../pom.xml")))
          .as(reason)
          .contains(
              "<spark.version>%s</spark.version>".formatted(package$.MODULE$.SPARK_VERSION()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Leaves a test out before Spark 4. */
  public static void assumeAtLeast4(String reason) {
    assumeThat(package$.MODULE$.SPARK_VERSION()).as(reason).doesNotStartWith("3.");
  }
}
