package io.instructorspark.spark;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.spark.sql.SparkSession;

/** Sessions beside the one of all tests, each with the operator, by one door or the other. */
final class OperatorSessions {
  static final String TINY = fixture("tiny-base");

  private static SparkSession extended;
  private static SparkSession registered;

  private OperatorSessions() {}

  /** As {@code spark.sql.extensions} makes one. */
  static synchronized SparkSession extended() {
    SparkSession shared = TestSession.get();
    if (extended == null) {
      SparkSession.clearActiveSession();
      SparkSession.clearDefaultSession();
      extended = SparkSession.builder().withExtensions(new InstructorExtensions()).getOrCreate();
      SparkSession.setDefaultSession(shared);
      SparkSession.setActiveSession(shared);
    }
    return extended;
  }

  /** One that ran before it was given the functions. */
  static synchronized SparkSession registered() {
    if (registered == null) {
      registered = TestSession.get().newSession();
      registered.sql("SELECT 1").collectAsList();
      InstructorFunctions.register(registered);
    }
    return registered;
  }

  static String fixture(String name) {
    try {
      return Path.of(
              Objects.requireNonNull(OperatorSessions.class.getResource("/fixtures/" + name), name)
                  .toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
