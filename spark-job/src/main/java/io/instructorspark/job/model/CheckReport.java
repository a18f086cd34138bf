package io.instructorspark.job.model;

import io.instructorspark.job.command.GeneralOptions;
import io.instructorspark.job.report.ErrorParagraph;
import io.instructorspark.job.report.Secrets;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import java.util.function.Function;

/** Prints each check as it ends, and counts those that failed. */
final class CheckReport {
  private static final String OURS = "instructor: ";

  private final PrintWriter out;
  private final PrintWriter err;
  private final GeneralOptions options;
  private int failures;

  CheckReport(PrintWriter out, PrintWriter err, GeneralOptions options) {
    this.out = out;
    this.err = err;
    this.options = options;
  }

  /** One check: returns what it found, or throws what is wrong. */
  interface Check<T> {
    T run() throws IOException;
  }

  /** Runs a check. Returns whether all was well. */
  boolean run(String name, Check<String> check) {
    return run(name, check, Function.identity()).isPresent();
  }

  /**
   * Runs a check that others build on.
   *
   * @param detail what to say of what was found
   * @return what was found; empty if something is wrong
   */
  <T> Optional<T> run(String name, Check<T> check, Function<T, String> detail) {
    try {
      T found = check.run();
      tell("ok", name, detail.apply(found));
      return Optional.of(found);
    } catch (IOException | RuntimeException e) {
      failures++;
      String reason = ErrorParagraph.of(e);
      print("FAILED", name, reason.startsWith(OURS) ? reason.substring(OURS.length()) : reason);
      if (options.verbose()) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        err.print(Secrets.redacted(trace.toString()));
        err.flush();
      }
      return Optional.empty();
    }
  }

  /** Says that a check could not be made, and why. */
  void skip(String name, String reason) {
    tell("-", name, reason);
  }

  int failures() {
    return failures;
  }

  /** The last line. */
  void verdict(String verdict) {
    out.println(verdict);
    out.flush();
  }

  private void tell(String outcome, String name, String detail) {
    if (!options.quiet()) {
      print(outcome, name, detail);
    }
  }

  private void print(String outcome, String name, String detail) {
    out.printf("%-6s  %-11s  %s%n", outcome, name, detail);
    out.flush();
  }
}
