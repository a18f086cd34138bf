package io.instructorspark.job.command;

import io.instructorspark.spark.InstructionCatalog;
import java.util.Optional;

/**
 * The system properties by which {@code scripts/instructor} tells the program about itself. Whoever
 * starts the program in another way may set them, or leave them out.
 */
public enum SystemProperty {
  /** The named instructions; also for programs that use the library alone. */
  INSTRUCTIONS(
      InstructionCatalog.PROPERTY,
      "YAML file of named instructions, in place of those in the jar; of the driver alone"),
  /** Spark's settings. */
  SPARK_DEFAULTS(
      "instructor.spark.defaults",
      "properties file of Spark settings, which hold where neither --conf nor spark-submit says otherwise"),
  /** The bundled Spark. */
  SPARK_JARS(
      "instructor.spark.jars",
      "folder with the jars of the bundled Spark: all else on the class path is sent to executors on other machines"),
  /** Whether progress can be drawn. */
  TERMINAL(
      "instructor.terminal",
      "true: standard error is a terminal, and progress is a line that is drawn over");

  private final String key;
  private final String meaning;

  SystemProperty(String key, String meaning) {
    this.key = key;
    this.meaning = meaning;
  }

  /** The property's name. */
  public String key() {
    return key;
  }

  /** What it says, in words. */
  public String meaning() {
    return meaning;
  }

  /** Its value in this process; empty if it is not set. */
  Optional<String> value() {
    return Optional.ofNullable(System.getProperty(key));
  }
}
