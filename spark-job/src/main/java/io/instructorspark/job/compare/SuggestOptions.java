package io.instructorspark.job.compare;

import java.util.List;
import picocli.CommandLine.Option;

/** Options that say which instructions {@code compare --suggest} tries. */
final class SuggestOptions {
  @Option(
      names = "--suggest",
      description =
          "also try the sentences that the template makes of --domain, --text-type and --objective, and the named instructions; the best is chosen on one half of the rows and scored on the other")
  private boolean suggest;

  @Option(
      names = "--domain",
      paramLabel = "D",
      description = "what the texts are about or where they are from, for --suggest; repeatable")
  private List<String> domains = List.of();

  @Option(
      names = "--text-type",
      paramLabel = "T",
      description = "what kind of text they are, for --suggest; repeatable")
  private List<String> textTypes = List.of();

  @Option(
      names = "--objective",
      paramLabel = "O",
      description = "what the vectors are for, for --suggest; repeatable")
  private List<String> objectives = List.of();

  boolean suggest() {
    return suggest;
  }

  Suggestions suggestions() {
    return new Suggestions(domains, textTypes, objectives);
  }
}
