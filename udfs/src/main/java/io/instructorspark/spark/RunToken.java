package io.instructorspark.spark;

import java.io.Serializable;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names one driver's claim on an output, and all that it writes there: later claims have higher
 * numbers, and claims of one number, made at once, are told apart by their ids.
 */
record RunToken(int number, String id) implements Serializable {
  static final int HIGHEST = 999_999;

  private static final Pattern FORM = Pattern.compile("([0-9]{6})-([0-9a-f]{16})");

  RunToken {
    if (number < 1 || number > HIGHEST || !FORM.matcher(text(number, id)).matches()) {
      throw new IllegalArgumentException("no claim: number %d, id '%s'".formatted(number, id));
    }
  }

  /** A new claim of a number. */
  static RunToken of(int number) {
    return new RunToken(number, UUID.randomUUID().toString().replace("-", "").substring(0, 16));
  }

  /** The claim that a text names; empty if it names none. */
  static Optional<RunToken> in(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches() && !form.group(1).equals("000000")
        ? Optional.of(new RunToken(Integer.parseInt(form.group(1)), form.group(2)))
        : Optional.empty();
  }

  private static String text(int number, String id) {
    return sixDigits(number) + "-" + id;
  }

  /** A number as names have it, so that their order is that of the numbers, in any locale. */
  static String sixDigits(int number) {
    return String.format(Locale.ROOT, "%06d", number);
  }

  @Override
  public String toString() {
    return text(number, id);
  }
}
