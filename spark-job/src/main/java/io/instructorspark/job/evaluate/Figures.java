package io.instructorspark.job.evaluate;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Numbers as they are told: scores in hundredths. */
final class Figures {
  private Figures() {}

  /** Formats in English. */
  static String said(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  static String score(double value) {
    return said("%.1f", 100 * value);
  }

  static String score(Estimate of) {
    return said("%.1f [%.1f, %.1f]", 100 * of.value(), 100 * of.low(), 100 * of.high());
  }

  /** A difference, marked with ~ where it may be noise. */
  static String gap(Estimate of) {
    return said("%+.1f [%+.1f, %+.1f]", 100 * of.value(), 100 * of.low(), 100 * of.high())
        + (of.isNoise() ? " ~" : "");
  }

  /** Adds a value and its interval to what is written for programs. */
  static Map<String, Object> put(Map<String, Object> fields, String name, Estimate of) {
    fields.put(name, of.value());
    fields.put(name.equals("score") ? "low" : name + "_low", of.low());
    fields.put(name.equals("score") ? "high" : name + "_high", of.high());
    return fields;
  }

  /** Fields in the order they are given, names and values by turns. */
  static Map<String, Object> fields(Object... namesAndValues) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return fields;
  }

  /** Without what moves a terminal's cursor or turns the words around. */
  static String printable(String text) {
    return text.replaceAll("[\\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]", " ").strip();
  }
}
