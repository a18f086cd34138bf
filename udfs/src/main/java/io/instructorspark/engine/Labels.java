package io.instructorspark.engine;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Looks closed choices up by label, with one wording of the error. */
final class Labels {
  private Labels() {}

  static <E> E find(E[] choices, Function<E, String> label, String asked, String what) {
    return Arrays.stream(choices)
        .filter(choice -> label.apply(choice).equalsIgnoreCase(asked))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s must be one of %s, got '%s'"
                        .formatted(
                            what,
                            Arrays.stream(choices).map(label).collect(Collectors.joining(", ")),
                            asked)));
  }
}
