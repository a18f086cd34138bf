package io.instructorspark.job.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How many records were left out, by the reason.
 *
 * @param duplicates equal to another record of their task in every text, instruction and label
 * @param overlap with a text of an evaluation
 * @param withoutPositive a query alone
 * @param emptyText with a text of nothing but white space
 * @param singleLabel labelled texts that are the only one of their label
 * @param withoutNegative of tasks that need one
 * @param overLimit beyond the limit of their task
 * @param bad unreadable
 */
record Dropped(
    long duplicates,
    long overlap,
    long withoutPositive,
    long emptyText,
    long singleLabel,
    long withoutNegative,
    long overLimit,
    long bad) {

  /** Of all reasons together. */
  long total() {
    return reasons().values().stream().mapToLong(Long::longValue).sum();
  }

  /** The reasons that there were, as people read them: {@code 12 duplicates, 3 empty}. */
  String shown() {
    return reasons().entrySet().stream()
        .filter(reason -> reason.getValue() > 0)
        .map(reason -> "%,d %s".formatted(reason.getValue(), reason.getKey()))
        .collect(Collectors.joining(", "));
  }

  private Map<String, Long> reasons() {
    Map<String, Long> reasons = new LinkedHashMap<>();
    reasons.put("duplicates", duplicates);
    reasons.put("with a text of an evaluation", overlap);
    reasons.put("without a positive", withoutPositive);
    reasons.put("with an empty text", emptyText);
    reasons.put("alone in their label", singleLabel);
    reasons.put("without a negative", withoutNegative);
    reasons.put("over the limit", overLimit);
    reasons.put("bad", bad);
    return reasons;
  }
}
