package io.instructorspark.spark;

import io.instructorspark.engine.Models;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;

/**
 * The setting {@link SessionSetting#MODEL_IDLE_SECONDS}: seconds for which an executor keeps a
 * model that nobody uses, or {@value #FOREVER}. Spark reads it at an application's start.
 */
final class ModelIdleTime {
  private static final String KEY = SessionSetting.MODEL_IDLE_SECONDS.key();

  static final String FOREVER = "forever";

  private static Duration applied;

  private ModelIdleTime() {}

  /**
   * What the settings say; empty if nothing, and the engine's choice holds.
   *
   * @throws IllegalArgumentException if the setting is wrong
   */
  static Optional<Duration> of(SparkConf conf) {
    if (!conf.contains(KEY)) {
      return Optional.empty();
    }
    String setting = conf.get(KEY).strip().toLowerCase(Locale.ROOT);
    if (setting.equals(FOREVER)) {
      return Optional.of(Models.FOREVER);
    }
    if (!setting.matches("0*[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException(
          "%s is '%s', expected whole seconds above 0, as 600, or %s"
              .formatted(KEY, conf.get(KEY), FOREVER));
    }
    return Optional.of(Duration.ofSeconds(Long.parseLong(setting)));
  }

  /**
   * Makes this JVM keep models for as long as its application's settings say. Costs nothing where
   * that has been done; does nothing outside of Spark.
   *
   * @throws IllegalArgumentException if the setting is wrong
   */
  static void apply() {
    if (SparkEnv.get() != null) {
      apply(SparkEnv.get().conf());
    }
  }

  static synchronized void apply(SparkConf conf) {
    Optional<Duration> said = of(conf);
    if (said.isPresent() && !said.get().equals(applied)) {
      Models.keepFor(said.get());
      applied = said.get();
    }
  }
}
