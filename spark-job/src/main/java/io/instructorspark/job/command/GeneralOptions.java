package io.instructorspark.job.command;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Options of every command that reads a checkpoint. */
public final class GeneralOptions {
  @Option(
      names = "--conf",
      paramLabel = "K=V",
      description = "a setting of Spark, or of this program in Spark; repeatable")
  private final Map<String, String> conf = new LinkedHashMap<>();

  @Option(names = "--quiet", description = "print nothing but results and errors")
  private boolean quiet;

  @Option(names = "--verbose", description = "show stack traces and Spark's own messages")
  private boolean verbose;

  /** Spark settings, as given. */
  public Map<String, String> conf() {
    return conf;
  }

  /** Whether nothing is said about how things go on. */
  public boolean quiet() {
    return quiet;
  }

  /** Whether Spark may talk. */
  public boolean verbose() {
    return verbose;
  }

  /** Whether standard error is a terminal that a line of progress may be drawn on. */
  public boolean drawsProgress() {
    return !quiet && SystemProperty.TERMINAL.value().map(Boolean::parseBoolean).orElse(false);
  }
}
