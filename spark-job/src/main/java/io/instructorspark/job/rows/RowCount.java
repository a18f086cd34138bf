package io.instructorspark.job.rows;

import java.util.List;

/**
 * What one pass over the input found.
 *
 * @param rows all rows, damaged ones included
 * @param problems rows with a problem
 * @param rowsByPartition rows of each partition of {@link InputRows#data} that has any, in the
 *     order of the partitions
 */
public record RowCount(long rows, long problems, List<Long> rowsByPartition) {
  private static final int LEAST_ROWS = 500;
  private static final int GOOD_ROWS = 5_000;
  private static final int FEW_PER_CORE = 4;
  private static final int MANY_PER_CORE = 64;

  /** Checks that the parts make the whole. */
  public RowCount {
    rowsByPartition = List.copyOf(rowsByPartition);
    long sum = rowsByPartition.stream().mapToLong(Long::longValue).sum();
    if (sum != rows || problems < 0 || problems > rows) {
      throw new IllegalArgumentException(
          "%d rows with %d problems do not fit partitions of %d rows"
              .formatted(rows, problems, sum));
    }
  }

  /**
   * Into how many blocks the rows are best cut for so many cores: small enough that no core waits
   * long for the last one, since blocks of long texts take longer; large enough to fill windows and
   * part files.
   */
  int blocks(int cores) {
    long atMost = Math.max(1, rows / LEAST_ROWS);
    long wished = Math.max((long) FEW_PER_CORE * cores, rows / GOOD_ROWS);
    return (int) Math.min(Math.min(wished, (long) MANY_PER_CORE * cores), atMost);
  }
}
