package io.instructorspark.job.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The paper's analyses (section 4), each of which is one table and one chart. */
enum Analysis {
  /** Instructions that say more and more: none, a tag, domain and text type, the whole sentence. */
  COMPLEXITY(List.of(Variant.OWN, Variant.NONE)),
  /** How far scores spread under five paraphrases of an instruction. */
  ROBUSTNESS(List.of(Variant.OWN)),
  /** With instructions against without. */
  INSTRUCTIONS(List.of(Variant.OWN, Variant.NONE)),
  /** Scores against the number of parameters, of several models. */
  SIZE(List.of(Variant.OWN, Variant.NONE)),
  /** What is won on domains that were not trained on. */
  SHIFT(List.of(Variant.OWN, Variant.NONE));

  private final List<String> needed;

  Analysis(List<String> needed) {
    this.needed = needed;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Which of the usual variants it compares. */
  List<String> needed() {
    return needed;
  }

  /** What a task is scored with for it, beside the usual variants. */
  List<Variant> more(TaskSpec task) {
    return switch (this) {
      case COMPLEXITY ->
          Variants.simple(task)
              .map(simple -> List.of(Variants.tag(task), simple))
              .orElseGet(List::of);
      case ROBUSTNESS -> Variants.paraphrases(task);
      case INSTRUCTIONS, SIZE, SHIFT -> List.of();
    };
  }

  static String choices() {
    return Arrays.stream(values()).map(Analysis::label).collect(Collectors.joining(", "));
  }
}
