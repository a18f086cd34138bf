package io.instructorspark.job.compare;

import java.util.Locale;
import java.util.Optional;

/**
 * One of those that are compared.
 *
 * @param name of a named instruction or of a column; empty for others
 * @param instruction as it is put before a text; empty where ready vectors do not say theirs
 */
record Candidate(Kind kind, Optional<String> name, Optional<String> instruction) {
  /** Why it is among them. */
  enum Kind {
    GIVEN,
    TEMPLATE,
    NAMED,
    NONE,
    WRONG,
    COLUMN;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    boolean isControl() {
      return this == NONE || this == WRONG;
    }
  }

  static Candidate given(String instruction) {
    return new Candidate(Kind.GIVEN, Optional.empty(), Optional.of(instruction));
  }

  static Candidate none() {
    return new Candidate(Kind.NONE, Optional.empty(), Optional.of(""));
  }

  static Candidate wrong(String instruction) {
    return new Candidate(Kind.WRONG, Optional.empty(), Optional.of(instruction));
  }

  static Candidate template(String instruction) {
    return new Candidate(Kind.TEMPLATE, Optional.empty(), Optional.of(instruction));
  }

  static Candidate named(String name, String instruction) {
    return new Candidate(Kind.NAMED, Optional.of("@" + name), Optional.of(instruction));
  }

  static Candidate column(String name, Optional<String> instruction) {
    return new Candidate(Kind.COLUMN, Optional.of(name), instruction);
  }

  /** In a table, on one line. */
  String title() {
    String sentence = instruction.map(Candidate::printable).orElse("");
    return switch (kind) {
      case GIVEN, TEMPLATE -> sentence;
      case NONE -> "(no instruction)";
      case WRONG -> sentence + " (wrong on purpose)";
      case NAMED -> name.orElseThrow() + "  " + sentence;
      case COLUMN -> printable(name.orElseThrow() + "  " + sentence);
    };
  }

  /** Without what moves a terminal's cursor or turns the words around. */
  private static String printable(String sentence) {
    return sentence.replaceAll("[\\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]", " ").strip();
  }

  /** In a sentence. */
  String spoken() {
    return switch (kind) {
      case GIVEN, TEMPLATE -> "“%s”".formatted(printable(instruction.orElseThrow()));
      case NONE -> "no instruction";
      case WRONG -> "the wrong instruction";
      case NAMED -> name.orElseThrow();
      case COLUMN -> "column '%s'".formatted(name.orElseThrow());
    };
  }
}
