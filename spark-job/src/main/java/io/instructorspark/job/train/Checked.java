package io.instructorspark.job.train;

import static java.util.stream.Collectors.joining;

import io.instructorspark.job.yaml.YamlSection;
import java.util.Arrays;
import java.util.Locale;

/**
 * Values of a section that lie in a range; one that does not is an error with file and key.
 *
 * @param section where they are
 */
record Checked(YamlSection section) {

  /** An integer from {@code least} to {@code most}. */
  int integer(String key, int absent, int least, int most) {
    long value = section.integer(key).orElse(absent);
    if (value < least || value > most) {
      throw section.refused(
          key, "is %,d; expected an integer from %,d to %,d".formatted(value, least, most));
    }
    return (int) value;
  }

  /** As {@link #integer(String, int, int, int)}, of a key that has to be there. */
  int integer(String key, int least, int most, String expected) {
    if (section.integer(key).isEmpty()) {
      throw section.missing(key, expected);
    }
    return integer(key, least, least, most);
  }

  /** A number of a range. */
  double number(String key, double absent, Range range) {
    double value = section.number(key).orElse(absent);
    if (!range.holds(value)) {
      throw section.refused(key, "is %s; expected a number %s".formatted(value, range));
    }
    return value;
  }

  /** One of the names of an enum, in lower case. */
  <E extends Enum<E>> E choice(String key, Class<E> choices, E absent) {
    return section
        .string(key)
        .map(
            written ->
                Arrays.stream(choices.getEnumConstants())
                    .filter(choice -> name(choice).equals(written.toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            section.refused(
                                key,
                                "is '%s'; the choices are %s"
                                    .formatted(
                                        written,
                                        Arrays.stream(choices.getEnumConstants())
                                            .map(Checked::name)
                                            .collect(joining(", "))))))
        .orElse(absent);
  }

  private static String name(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }

  /** Where a number has to lie. */
  enum Range {
    /** 0 or more. */
    NOT_NEGATIVE(0, true, Double.MAX_VALUE, "of 0 or more"),
    /** More than 0. */
    POSITIVE(0, false, Double.MAX_VALUE, "above 0"),
    /** A share that is not the whole. */
    BELOW_ONE(0, true, Math.nextDown(1.0), "from 0 to below 1"),
    /** A share. */
    SHARE(0, true, 1, "from 0 to 1");

    private final double least;
    private final boolean leastToo;
    private final double most;
    private final String shown;

    Range(double least, boolean leastToo, double most, String shown) {
      this.least = least;
      this.leastToo = leastToo;
      this.most = most;
      this.shown = shown;
    }

    boolean holds(double value) {
      return (leastToo ? value >= least : value > least) && value <= most;
    }

    @Override
    public String toString() {
      return shown;
    }
  }
}
