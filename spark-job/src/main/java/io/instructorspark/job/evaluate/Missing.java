package io.instructorspark.job.evaluate;

/**
 * Texts that got no vector, or one that is not finite.
 *
 * @param texts how many
 * @param example why one of them; empty if none
 */
record Missing(long texts, String example) {
  static final Missing NONE = new Missing(0, "");

  Missing plus(Missing other) {
    return new Missing(texts + other.texts, example.isEmpty() ? other.example : example);
  }
}
