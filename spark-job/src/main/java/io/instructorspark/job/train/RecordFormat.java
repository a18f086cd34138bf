package io.instructorspark.job.train;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;

/** What a record of training data looks like. */
enum RecordFormat {
  /** {@code {"query": [instruction, text], "pos": [...], "neg": [...]}}, as MEDI is published. */
  MEDI("medi", "query and pos"),
  /** Columns {@code text_a} and {@code text_b}, and {@code negative} if there is one. */
  PAIRS("pairs", "text_a and text_b"),
  /** Columns {@code text} and {@code label}. */
  LABELS("labels", "text and label");

  private final String label;
  private final String fields;

  RecordFormat(String label, String fields) {
    this.label = label;
    this.fields = fields;
  }

  /** The name in a recipe. */
  String label() {
    return label;
  }

  /** The fields that a record of this format has to have, as a message names them. */
  String fields() {
    return fields;
  }

  /** The format whose fields these are; empty where it is none. */
  static Optional<RecordFormat> of(Collection<String> fields) {
    if (fields.contains("query")) {
      return Optional.of(MEDI);
    }
    if (fields.contains("text_a") || fields.contains("text_b")) {
      return Optional.of(PAIRS);
    }
    return fields.contains("text") && fields.contains("label")
        ? Optional.of(LABELS)
        : Optional.empty();
  }

  /** What to expect where {@link #of} finds nothing. */
  static String expected() {
    return Arrays.stream(values())
        .map(format -> "%s (%s)".formatted(format.fields, format.label))
        .collect(joining(", or "));
  }

  @Override
  public String toString() {
    return label;
  }
}
