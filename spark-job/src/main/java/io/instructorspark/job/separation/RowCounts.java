package io.instructorspark.job.separation;

/**
 * What became of the rows of an input.
 *
 * @param rows all of them
 * @param withoutLabel those whose label is null or NaN
 * @param withoutContent those with a label that have nothing a vector is made of: damaged rows,
 *     null texts, vectors without a direction
 * @param taken of the others, all, or a sample
 */
public record RowCounts(long rows, long withoutLabel, long withoutContent, long taken) {
  /** Rows that could be taken. */
  public long usable() {
    return rows - withoutLabel - withoutContent;
  }

  /** Whether only a sample was taken. */
  public boolean sampled() {
    return taken < usable();
  }
}
