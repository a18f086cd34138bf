package io.instructorspark.text;

/**
 * The sentence INSTRUCTOR was trained on: {@code "Represent the DOMAIN TEXT_TYPE for
 * TASK_OBJECTIVE: "} (arXiv 2212.09741, section 2.3). Detailed instructions do better than short
 * ones (section 4.3).
 */
public final class InstructionTemplate {
  private static final String DEFAULT_TEXT_TYPE = "text";

  private InstructionTemplate() {}

  /**
   * Returns the instruction of the given parts. A null or blank part is absent; runs of white space
   * become one space. An absent text type reads "text", so every combination is a sentence: with
   * nothing given, {@code "Represent the text: "}. The result always ends with a colon and one
   * space.
   *
   * @param domain what the text is about or where it is from, as {@code Wikipedia}; optional
   * @param textType what kind of text it is, as {@code question}; optional
   * @param objective what the vector is for, as {@code retrieving supporting documents}, without
   *     "for"; optional
   */
  public static String of(String domain, String textType, String objective) {
    String kind = normal(textType);
    StringBuilder sentence = new StringBuilder("Represent the");
    append(sentence, " ", normal(domain));
    append(sentence, " ", kind.isEmpty() ? DEFAULT_TEXT_TYPE : kind);
    append(sentence, " for ", normal(objective));
    return sentence.append(": ").toString();
  }

  private static void append(StringBuilder sentence, String link, String part) {
    if (!part.isEmpty()) {
      sentence.append(link).append(part);
    }
  }

  /** The part with white space stripped and its inner runs made one space; empty for null. */
  private static String normal(String part) {
    if (part == null) {
      return "";
    }
    StringBuilder words = new StringBuilder(part.length());
    boolean afterSpace = false;
    for (char c : PythonStrip.strip(part).toCharArray()) {
      boolean space = PythonStrip.isSpace(c);
      if (!space) {
        words.append(c);
      } else if (!afterSpace) {
        words.append(' ');
      }
      afterSpace = space;
    }
    return words.toString();
  }
}
