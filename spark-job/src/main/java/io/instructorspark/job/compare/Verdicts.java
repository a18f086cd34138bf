package io.instructorspark.job.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What figures mean, in sentences. */
final class Verdicts {
  private Verdicts() {}

  /** In short, then the best against the second, then each candidate against the baseline. */
  static List<String> of(Comparison comparison) {
    List<String> sentences = new ArrayList<>();
    sentences.add(summary(comparison));
    comparison.leads().stream().map(Verdicts::lead).forEach(sentences::add);
    for (Score score : comparison.scores()) {
      score
          .gap()
          .ifPresent(gap -> sentences.add(against(score.candidate(), gap, comparison.baseline())));
    }
    return List.copyOf(sentences);
  }

  /** How many do better than the baseline; whether the control that should not does so too. */
  private static String summary(Comparison comparison) {
    List<Score> tried =
        comparison.scores().stream()
            .filter(score -> !score.candidate().kind().isControl() && score.gap().isPresent())
            .toList();
    String counted = counted(tried, comparison.baseline().spoken());
    boolean wrong =
        comparison.scores().stream()
            .anyMatch(score -> score.candidate().kind() == Candidate.Kind.WRONG && isBetter(score));
    return wrong
        ? counted
            + " The wrong instruction is better too, so that a gain may come from having any instruction, whatever it says."
        : counted;
  }

  private static String counted(List<Score> tried, String baseline) {
    long better = tried.stream().filter(Verdicts::isBetter).count();
    if (tried.size() == 1) {
      return "By agreement, %s is %sbetter than %s by more than noise."
          .formatted(tried.get(0).candidate().spoken(), better == 0 ? "not " : "", baseline);
    }
    return "By agreement, %s of the %d compared with %s %s better than it by more than noise."
        .formatted(
            better == 0 ? "none" : String.valueOf(better),
            tried.size(),
            baseline,
            better > 1 ? "are" : "is");
  }

  private static boolean isBetter(Score score) {
    return score.gap().filter(gap -> gap.agreement().low() > 0).isPresent();
  }

  private static String lead(Comparison.Lead lead) {
    String places =
        "By %s, %s is first and %s second; "
            .formatted(lead.measure().label(), lead.best().spoken(), lead.second().spoken());
    return places
        + (lead.gap().isNoise()
                ? "the difference, %s, is within noise: these rows do not say which is better."
                : "the difference, %s, is more than noise.")
            .formatted(points(lead.gap()));
  }

  private static String against(Candidate candidate, Score.Gap gap, Candidate baseline) {
    List<String> parts = new ArrayList<>();
    parts.add(part("agreement", gap.agreement()));
    gap.accuracy().ifPresent(accuracy -> parts.add(part("accuracy", accuracy)));
    return "%s against %s: %s."
        .formatted(capitalized(candidate.spoken()), baseline.spoken(), String.join("; ", parts));
  }

  private static String part(String measure, Estimate gap) {
    if (gap.isNoise()) {
      return "the difference in %s is within noise (%s)".formatted(measure, points(gap));
    }
    return "%s is %s (%s)".formatted(measure, gap.value() > 0 ? "higher" : "lower", points(gap));
  }

  /** Hundredths with their interval. */
  static String points(Estimate gap) {
    return String.format(
        Locale.ROOT,
        "%+.1f points, 95 %%: %+.1f to %+.1f",
        100 * gap.value(),
        100 * gap.low(),
        100 * gap.high());
  }

  /** As a sentence begins. */
  static String capitalized(String sentence) {
    return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
  }
}
