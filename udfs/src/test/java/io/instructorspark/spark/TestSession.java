package io.instructorspark.spark;

import org.apache.spark.sql.SparkSession;

/** The one Spark session of the tests: two task threads in this JVM, reachable from nowhere. */
final class TestSession {
  private static SparkSession session;

  private TestSession() {}

  /** The session, made the active one of this thread. */
  static synchronized SparkSession get() {
    if (session == null) {
      session =
          SparkSession.builder()
              .master("local[2]")
              .appName("instructor-spark tests")
              .config("spark.ui.enabled", false)
              .config("spark.driver.bindAddress", "127.0.0.1")
              .config("spark.driver.host", "127.0.0.1")
              .config("spark.sql.shuffle.partitions", 2)
              .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
              .getOrCreate();
      session.sparkContext().setLogLevel("ERROR");
    }
    SparkSession.setActiveSession(session);
    return session;
  }
}
