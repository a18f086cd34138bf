package io.instructorspark.job.command;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Where Spark's tasks run.
 *
 * @param url as {@code --master} takes it
 */
record Master(String url) {
  private static final String STANDALONE = "spark://";
  private static final Pattern LOOPBACK =
      Pattern.compile("(localhost|127(\\.[0-9]{1,3}){3}|\\[::1\\])(:[0-9]+)?");

  /** Whether tasks run in the driver's process. */
  boolean isThisProcess() {
    return url.equals("local") || url.startsWith("local[");
  }

  /** Whether nothing of it lies on another machine, so that the loopback is all it needs. */
  boolean isOnThisMachine() {
    return isThisProcess()
        || url.startsWith("local-cluster[")
        || url.startsWith(STANDALONE)
            && Arrays.stream(url.substring(STANDALONE.length()).split(",", -1))
                .allMatch(host -> LOOPBACK.matcher(host).matches());
  }
}
