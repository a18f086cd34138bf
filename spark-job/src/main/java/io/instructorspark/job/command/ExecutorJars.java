package io.instructorspark.job.command;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;

/**
 * The jars that executors get from the driver, where Spark's own submission does not see to that:
 * the driver's class path without what a Spark has of itself.
 *
 * @param jars paths of files
 */
record ExecutorJars(List<Path> jars) {
  private static final String JARS = "spark.jars";

  ExecutorJars {
    jars = List.copyOf(jars);
  }

  /** Those of this process; none where the launcher names no Spark of its own. */
  static ExecutorJars ofLauncher() {
    return SystemProperty.SPARK_JARS
        .value()
        .map(spark -> of(System.getProperty("java.class.path"), Path.of(spark)))
        .orElse(new ExecutorJars(List.of()));
  }

  /** Those of a class path; its folders hold settings, and stay with the driver. */
  static ExecutorJars of(String classPath, Path spark) {
    return new ExecutorJars(
        Stream.of(classPath.split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath())
            .filter(jar -> Files.isRegularFile(jar) && !jar.startsWith(spark.toAbsolutePath()))
            .toList());
  }

  /** Adds them to those that the user names. */
  void addTo(SparkConf conf) {
    String all =
        Stream.concat(
                Stream.of(conf.get(JARS, "").split(",")),
                jars.stream().map(jar -> jar.toUri().toString()))
            .filter(jar -> !jar.isBlank())
            .distinct()
            .collect(Collectors.joining(","));
    if (!all.isEmpty()) {
      conf.set(JARS, all);
    }
  }
}
