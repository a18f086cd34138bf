package io.instructorspark.job.command;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/**
 * Spark's settings for a command, and the session of one that needs it. A setting comes from {@code
 * --conf}, else from spark-submit, else from the file that the launcher names by {@link
 * SystemProperty#SPARK_DEFAULTS}, else from Spark.
 */
public final class Sessions {
  /**
   * Names of settings that Spark does not show: its own choice, and those of stores whose secrets
   * are called keys.
   */
  private static final String SECRET_NAMES =
      "(?i)secret|pass(word|wd|phrase)|token|credential|signature|[.]sas[.]"
          + "|(access|account|private|shared|encryption)[._-]?key";

  private Sessions() {}

  /**
   * The settings alone: starts nothing.
   *
   * @throws IllegalArgumentException if the file of defaults cannot be read
   */
  public static SparkConf conf(GeneralOptions options) {
    SparkConf conf = new SparkConf();
    defaults().forEach((key, value) -> conf.setIfMissing((String) key, (String) value));
    options.conf().forEach(conf::set);
    return conf;
  }

  /**
   * Starts Spark.
   *
   * @throws IllegalArgumentException if the file of defaults cannot be read
   * @throws IllegalStateException if no master answers
   */
  public static SparkSession open(String job, SharedOptions options) {
    SparkConf conf = conf(options.general());
    if (options.master() != null) {
      conf.setMaster(options.master());
    }
    conf.setIfMissing("spark.master", "local[*]");
    conf.setIfMissing("spark.redaction.regex", SECRET_NAMES);
    conf.setIfMissing("spark.app.name", "instructor " + job);
    Master master = new Master(conf.get("spark.master"));
    if (master.isOnThisMachine()) {
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
      conf.setIfMissing("spark.driver.host", "127.0.0.1");
    }
    if (!master.isThisProcess()) {
      ExecutorJars.ofLauncher().addTo(conf);
    }
    SparkSession session = start(master, conf);
    session.sparkContext().setLogLevel(options.general().verbose() ? "INFO" : "ERROR");
    return session;
  }

  private static SparkSession start(Master master, SparkConf conf) {
    try {
      return SparkSession.builder().config(conf).getOrCreate();
    } catch (IllegalStateException e) { // what Spark has stopped while it was starting
      if (master.isThisProcess()) {
        throw e;
      }
      throw new MasterException(
          "Spark could not begin on --master %s: nothing answered there, or it took no application. Compare the URL with the one on the master's page; a cluster of scripts/local-cluster has another one after each start, which scripts/local-cluster status shows."
              .formatted(master.url()),
          e);
    }
  }

  private static Properties defaults() {
    Properties properties = new Properties();
    Optional<String> file = SystemProperty.SPARK_DEFAULTS.value();
    if (file.isPresent()) {
      try (Reader in = Files.newBufferedReader(Path.of(file.get()), StandardCharsets.UTF_8)) {
        properties.load(in);
      } catch (IOException e) {
        throw new IllegalArgumentException(
            "the Spark settings in %s (system property %s) cannot be read: %s"
                .formatted(file.get(), SystemProperty.SPARK_DEFAULTS.key(), e.getMessage()),
            e);
      }
    }
    return properties;
  }
}
