package io.instructorspark.job.vectors;

import java.util.Optional;

/**
 * Which column of an input the vectors come from.
 *
 * @param textColumn of texts, which are embedded
 * @param embeddingColumn of ready vectors; empty where texts are embedded
 */
public record VectorSource(String textColumn, Optional<String> embeddingColumn) {
  /** The columns that must hold strings. */
  public String[] stringColumns() {
    return embeddingColumn.isPresent() ? new String[0] : new String[] {textColumn};
  }
}
