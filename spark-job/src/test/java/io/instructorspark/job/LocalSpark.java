package io.instructorspark.job;

import org.apache.spark.sql.SparkSession;

/** The one local session that all tests of this module share; it ends with the JVM. */
public final class LocalSpark {
  private static final SparkSession SESSION =
      SparkSession.builder()
          .master("local[2]")
          .appName("instructor-spark-job tests")
          .config("spark.ui.enabled", false)
          .config("spark.driver.bindAddress", "127.0.0.1")
          .config("spark.driver.host", "127.0.0.1")
          .config("spark.sql.shuffle.partitions", 2)
          .getOrCreate();

  static {
    SESSION.sparkContext().setLogLevel("OFF");
  }

  private LocalSpark() {}

  /** The session; do not stop it, and undo what you set. */
  public static SparkSession session() {
    return SESSION;
  }
}
