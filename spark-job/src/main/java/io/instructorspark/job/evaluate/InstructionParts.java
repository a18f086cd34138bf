package io.instructorspark.job.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What an instruction of the form "Represent the DOMAIN TEXT_TYPE for OBJECTIVE: " says.
 *
 * @param subject domain and text type
 * @param objective empty where there is none
 */
record InstructionParts(String subject, Optional<String> objective) {
  private static final Pattern FORM =
      Pattern.compile(
          "\\s*Represent (?:the |an? )?(?<subject>\\S[^:;]*?)(?: for (?<objective>[^:;]+?))?"
              + "(?:[;:] ?Input)?:\\s*",
          Pattern.CASE_INSENSITIVE);

  /** The parts; empty where the instruction is of another form. */
  static Optional<InstructionParts> of(String instruction) {
    Matcher form = FORM.matcher(instruction);
    return form.matches()
        ? Optional.of(
            new InstructionParts(
                form.group("subject"), Optional.ofNullable(form.group("objective"))))
        : Optional.empty();
  }

  /** Domain and text type alone, as the paper's "Wikipedia Questions; Input: " (section 4). */
  String simple() {
    return capitalized(plural(subject)) + "; Input: ";
  }

  /** A name alone, as the paper's "Natural Questions; Input: " (section 4). */
  static String tag(String name) {
    return capitalized(name.replaceAll("[_.+-]+", " ").strip()) + "; Input: ";
  }

  /** Other words for the same (section 4): the same parts in five sentences. */
  List<String> paraphrases() {
    return objective
        .map(
            aim ->
                List.of(
                    "Encode the %s for %s: ".formatted(subject, aim),
                    "Embed the %s for %s: ".formatted(subject, aim),
                    "Represent the following %s for the purpose of %s: ".formatted(subject, aim),
                    "Represent this %s, to be used for %s: ".formatted(subject, aim),
                    "For %s, represent the %s: ".formatted(aim, subject)))
        .orElseGet(
            () ->
                List.of(
                    "Encode the %s: ".formatted(subject),
                    "Embed the %s: ".formatted(subject),
                    "Represent the following %s: ".formatted(subject),
                    "Represent this %s: ".formatted(subject),
                    "Represent the meaning of the %s: ".formatted(subject)));
  }

  private static String plural(String words) {
    if (words.matches(".*(s|x|z|ch|sh)")) {
      return words.endsWith("s") && !words.endsWith("ss") ? words : words + "es";
    }
    return words.matches(".*[^aeiou]y")
        ? words.substring(0, words.length() - 1) + "ies"
        : words + "s";
  }

  private static String capitalized(String words) {
    return Arrays.stream(words.split(" +"))
        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
        .collect(Collectors.joining(" "));
  }
}
