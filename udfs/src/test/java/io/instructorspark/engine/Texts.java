package io.instructorspark.engine;

import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Made-up texts. */
final class Texts {
  private static final String[] WORDS =
      "the water surface on early Mars was found by students in a science paper about old rivers"
          .split(" ");

  private Texts() {}

  static String random(Random random, int words) {
    return Stream.generate(() -> WORDS[random.nextInt(WORDS.length)])
        .limit(words)
        .collect(Collectors.joining(" "));
  }
}
