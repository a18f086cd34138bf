package io.instructorspark.text;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Which reference implementation the vectors agree with. The three differ in what is stripped
 * before instruction and text are joined, and in how many leading tokens the average leaves out; so
 * vectors of two modes must not be mixed. "Stripped" is Python's {@code str.strip()} throughout. No
 * separator is ever added.
 */
public enum Compatibility {
  /**
   * The pip package {@code InstructorEmbedding} 1.0.1, which all published numbers come from: the
   * instruction as it is, the text stripped. An instruction of one token is averaged with the text.
   */
  V1_0_1("v1_0_1") {
    @Override
    JoinedText stripAndJoin(String instruction, String text) {
      String joined = PythonStrip.strip(instruction + PythonStrip.strip(text));
      return new JoinedText(joined, PythonStrip.strip(instruction));
    }

    @Override
    int leftOut(int tokens) {
      return tokens <= 1 ? 0 : tokens;
    }
  },

  /**
   * sentence-transformers 2.4 to 5.1: instruction and text as they are, only the joined string
   * stripped.
   */
  ST("st") {
    @Override
    JoinedText stripAndJoin(String instruction, String text) {
      return new JoinedText(PythonStrip.strip(instruction + text), PythonStrip.strip(instruction));
    }
  },

  /**
   * The head of the reference repository: both stripped before they are joined, so {@code "X: "}
   * and {@code "X:"} are the same instruction and no space stands between it and the text.
   */
  HEAD("head") {
    @Override
    JoinedText stripAndJoin(String instruction, String text) {
      String stripped = PythonStrip.strip(instruction);
      return new JoinedText(PythonStrip.strip(stripped + PythonStrip.strip(text)), stripped);
    }
  };

  private final String label;

  Compatibility(String label) {
    this.label = label;
  }

  /**
   * Returns the name used in options and in written metadata: {@code v1_0_1}, {@code st} or {@code
   * head}.
   */
  public String label() {
    return label;
  }

  /**
   * Returns the mode of a label, in any case.
   *
   * @throws IllegalArgumentException for an unknown label, naming the three
   */
  public static Compatibility of(String label) {
    Objects.requireNonNull(label, "label");
    return Arrays.stream(values())
        .filter(mode -> mode.label.equalsIgnoreCase(label))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(unknown(label)));
  }

  /**
   * Returns what is tokenised for one row. The row's nulls are the caller's to handle.
   *
   * @param lowerCase the checkpoint's {@code do_lower_case}: both strings are lower-cased after
   *     stripping
   * @throws NullPointerException if {@code instruction} or {@code text} is null
   */
  public JoinedText join(String instruction, String text, boolean lowerCase) {
    Objects.requireNonNull(instruction, "instruction (an absent instruction is the empty string)");
    Objects.requireNonNull(text, "text (a null text has no vector and is not joined)");
    JoinedText stripped = stripAndJoin(instruction, text);
    return lowerCase
        ? new JoinedText(lower(stripped.joined()), lower(stripped.counted()))
        : stripped;
  }

  /**
   * Returns n, the number of leading tokens that attend but are left out of the average.
   *
   * @param tokensOfCounted tokens of {@link JoinedText#counted()}, truncated like any input, its
   *     {@code </s>} included
   * @param counted the string these tokens were made of
   * @throws IllegalArgumentException if {@code tokensOfCounted} is below 1: the {@code </s>} is
   *     missing
   */
  public int instructionTokens(int tokensOfCounted, String counted) {
    if (tokensOfCounted < 1) {
      throw new IllegalArgumentException(
          ("An instruction has at least one token, its </s>, got %d for \"%s\". "
                  + "Count with special tokens added.")
              .formatted(tokensOfCounted, counted));
    }
    return counted.isEmpty() ? 0 : leftOut(tokensOfCounted - 1);
  }

  abstract JoinedText stripAndJoin(String instruction, String text);

  /** From the instruction's tokens without {@code </s>} to n. */
  int leftOut(int tokens) {
    return tokens;
  }

  private static String lower(String s) {
    return s.toLowerCase(Locale.ROOT);
  }

  private static String unknown(String label) {
    return ("Unknown compatibility \"%s\"; expected one of %s. "
            + "Leave it unset for %s, the behaviour of the published numbers.")
        .formatted(
            label,
            Arrays.stream(values()).map(Compatibility::label).collect(Collectors.joining(", ")),
            V1_0_1.label);
  }
}
