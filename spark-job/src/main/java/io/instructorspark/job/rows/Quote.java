package io.instructorspark.job.rows;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What encloses fields of csv and tsv files that hold separators, quotes or line ends. */
public enum Quote {
  /** {@code "}, doubled inside a field. The rule of RFC 4180. */
  DOUBLE('"'),
  /** {@code '}, doubled inside a field. */
  SINGLE('\''),
  /** Nothing: quotes are ordinary characters, and a line end always ends the row. */
  NONE(null);

  private final Character character;

  Quote(Character character) {
    this.character = character;
  }

  /** The name users write, as in {@code --quote none}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The quote that users call by this label, in any case.
   *
   * @throws InputException if there is none; the message lists the choices
   */
  public static Quote of(String label) {
    return Arrays.stream(values())
        .filter(quote -> quote.name().equalsIgnoreCase(label))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "no quote '%s'; the choices are %s"
                        .formatted(
                            label,
                            Arrays.stream(values()).map(Quote::label).collect(joining(", ")))));
  }

  Optional<Character> character() {
    return Optional.ofNullable(character);
  }
}
