package io.instructorspark.job.compare;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All that are compared, and the one that the others are measured against.
 *
 * @param all no two of one instruction, but for columns
 * @param baseline one of them
 */
record Candidates(List<Candidate> all, Candidate baseline) {
  Candidates {
    all = List.copyOf(all);
  }

  /**
   * Instructions with both controls. Of equal ones the first stays.
   *
   * @param instructions given or tried; none of them is empty
   * @param wrong the instruction that is wrong on purpose
   */
  static Candidates of(List<Candidate> instructions, String wrong) {
    Candidate none = Candidate.none();
    List<Candidate> all = new ArrayList<>();
    Set<String> seen = new HashSet<>(List.of("", wrong));
    for (Candidate candidate : instructions) {
      if (seen.add(candidate.instruction().orElseThrow())) {
        all.add(candidate);
      }
    }
    all.add(none);
    all.add(Candidate.wrong(wrong));
    return new Candidates(all, none);
  }

  /** Columns of vectors: the one whose vectors say that they have no instruction, or the first. */
  static Candidates ofColumns(List<Candidate> columns) {
    Candidate baseline =
        columns.stream()
            .filter(column -> column.instruction().filter(String::isEmpty).isPresent())
            .findFirst()
            .orElse(columns.get(0));
    return new Candidates(columns, baseline);
  }

  /** Some of them, and the controls. */
  Candidates only(List<Candidate> some) {
    return new Candidates(
        all.stream().filter(one -> some.contains(one) || one.kind().isControl()).toList(),
        baseline);
  }
}
