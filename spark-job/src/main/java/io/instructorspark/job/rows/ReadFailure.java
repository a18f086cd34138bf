package io.instructorspark.job.rows;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkThrowable;

/** Turns what Spark and Hadoop throw while reading into one paragraph that names the file. */
final class ReadFailure {
  private static final int MAX_CAUSES = 50;

  private ReadFailure() {}

  /** The result of a step that runs Spark jobs over the input; its failures are explained. */
  static <T> T explained(String input, Callable<T> step) {
    try {
      return step.call();
    } catch (Exception failure) {
      throw explain(input, failure);
    }
  }

  /** The exception for one file that could not be opened or read to its end. */
  static InputException of(Path file, Throwable cause) {
    String reason = reason(last(causes(cause)));
    String name = Storage.shown(file);
    boolean compressed = !InputFormat.withoutCompression(name).equals(name);
    String hint =
        compressed
            ? "; its compressed data is damaged or cut short, or not what its name says: fetch the file again"
            : "";
    return new InputException("cannot read %s: %s%s".formatted(name, reason, hint), cause);
  }

  private static RuntimeException explain(String input, Exception failure) {
    for (Throwable cause : causes(failure)) {
      if (cause instanceof InputException known) {
        return new InputException(known.getMessage(), failure);
      }
      if (cause instanceof SparkThrowable known && namesFile(known)) {
        String encoded = known.getMessageParameters().get("path").replace("+", "%2B");
        return of(new Path(URLDecoder.decode(encoded, StandardCharsets.UTF_8)), cause);
      }
    }
    if (failure instanceof RuntimeException unchecked) {
      return unchecked;
    }
    return new InputException(
        "cannot read %s: %s".formatted(input, reason(last(causes(failure)))), failure);
  }

  private static String reason(Throwable root) {
    return root.getMessage() == null
        ? root.getClass().getSimpleName()
        : root.getMessage().strip().lines().findFirst().orElse("");
  }

  private static boolean namesFile(SparkThrowable failure) {
    return failure.getCondition() != null
        && failure.getCondition().startsWith("FAILED_READ_FILE")
        && failure.getMessageParameters().containsKey("path");
  }

  private static List<Throwable> causes(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    Throwable cause = failure;
    while (cause != null && chain.size() < MAX_CAUSES) {
      chain.add(cause);
      cause = cause.getCause();
    }
    return chain;
  }

  private static Throwable last(List<Throwable> chain) {
    return chain.get(chain.size() - 1);
  }
}
