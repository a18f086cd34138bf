package io.instructorspark.spark;

import io.instructorspark.checkpoint.remote.Access;
import io.instructorspark.checkpoint.remote.CacheSettings;
import java.util.function.UnaryOperator;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;

/**
 * By which means Spark programs reach checkpoints: through Hadoop's file systems with the session's
 * settings, and with a cache as {@link SessionSetting#CACHE_DIRECTORY} and {@link
 * SessionSetting#CACHE_MAX_GIGABYTES} say. The stages use it by themselves; tools open a checkpoint
 * of any location with it.
 */
public final class CheckpointAccess {
  private CheckpointAccess() {}

  /**
   * With a session's settings; where there is no session, nothing but the hub and folders are
   * reached.
   *
   * @param session null for none
   * @throws IllegalArgumentException if a setting is wrong
   */
  public static Access of(SparkSession session) {
    return session == null
        ? Access.ofThisMachine()
        : Access.ofThisMachine()
            .withStore(HadoopStore.of(session))
            .withCache(cache(key -> session.conf().get(key, null)));
  }

  /**
   * With settings alone, for programs that need no session.
   *
   * @throws IllegalArgumentException if a setting is wrong
   */
  public static Access of(SparkConf conf) {
    return Access.ofThisMachine()
        .withStore(new HadoopStore(SparkHadoopUtil.get().newConfiguration(conf)))
        .withCache(cache(key -> conf.get(key, null)));
  }

  private static CacheSettings cache(UnaryOperator<String> settings) {
    String directory = settings.apply(SessionSetting.CACHE_DIRECTORY.key());
    String gigabytes = settings.apply(SessionSetting.CACHE_MAX_GIGABYTES.key());
    return new CacheSettings(
        directory == null || directory.isBlank() ? null : directory,
        gigabytes == null ? CacheSettings.DEFAULT_MAX_BYTES : bytes(gigabytes.strip()));
  }

  private static long bytes(String gigabytes) {
    try {
      double number = Double.parseDouble(gigabytes);
      if (number > 0 && number < 1e9) {
        return Math.max(1, (long) (number * (1L << 30)));
      }
    } catch (NumberFormatException e) {
      throw invalid(gigabytes);
    }
    throw invalid(gigabytes);
  }

  private static IllegalArgumentException invalid(String gigabytes) {
    return new IllegalArgumentException(
        "%s is '%s', expected a number above 0, as 50"
            .formatted(SessionSetting.CACHE_MAX_GIGABYTES.key(), gigabytes));
  }
}
