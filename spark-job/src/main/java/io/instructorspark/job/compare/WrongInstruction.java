package io.instructorspark.job.compare;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The instruction that is wrong on purpose: of a fixed list, the first that shares no word with a
 * given instruction but those of the form; if all share some, the one that shares the fewest.
 */
final class WrongInstruction {
  private static final List<String> FIXED =
      List.of(
          "Represent the chemical formula for predicting its boiling point: ",
          "Represent the rental contract for finding the governing law: ",
          "Represent the cooking recipe for estimating the preparation time: ",
          "Represent the chess opening for naming its inventor: ");

  private static final Set<String> FORM =
      Set.of(
          "represent", "the", "a", "an", "its", "it", "for", "of", "to", "in", "by", "as", "and");

  private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}\\p{N}]+");

  private WrongInstruction() {}

  /** How it is chosen, for the reader of a result. */
  static final String RULE =
      "of a fixed list the first of those that share the fewest words, as a rule none, with the instructions that are compared";

  static String against(Collection<String> instructions) {
    Set<String> given =
        instructions.stream()
            .flatMap(instruction -> words(instruction).stream())
            .collect(Collectors.toSet());
    return FIXED.stream().min(Comparator.comparingInt(one -> shared(one, given))).orElseThrow();
  }

  private static int shared(String instruction, Set<String> given) {
    Set<String> words = words(instruction);
    words.retainAll(given);
    return words.size();
  }

  private static Set<String> words(String instruction) {
    Set<String> words = new HashSet<>();
    for (String word : NO_LETTERS.split(instruction.toLowerCase(Locale.ROOT))) {
      if (!word.isEmpty() && !FORM.contains(word)) {
        words.add(word);
      }
    }
    return words;
  }
}
