package io.instructorspark.job;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;

/**
 * A command run in this JVM as a user runs it, on two cores.
 *
 * @param status exit status
 * @param out standard output
 * @param err standard error
 */
public record CommandRun(int status, String out, String err) {
  /** Runs {@code instructor ARGUMENTS} and stops its Spark afterwards. */
  public static CommandRun of(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (List.of("classify", "cluster", "compare", "embed", "evaluate", "neighbors", "train")
        .contains(arguments[0])) {
      all.addAll(List.of("--master", "local[2]", "--conf", "spark.ui.enabled=false"));
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int status = command.execute(all.toArray(String[]::new));
    return new CommandRun(status, out.toString(), err.toString());
  }

  /** A session of the test's own, to look at what was written; one at a time in a JVM. */
  public static SparkSession look() {
    return SparkSession.builder()
        .master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate();
  }
}
