package io.instructorspark.job.evaluate;

import java.util.Map;

/**
 * A task scored with one model and variant.
 *
 * @param parts scores of parts of it, by name; as a rule none
 */
record Scored(Outcome outcome, Map<String, Outcome> parts, Missing missing) {
  static Scored of(Outcome outcome, Missing missing) {
    return new Scored(outcome, Map.of(), missing);
  }
}
