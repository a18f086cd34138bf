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
  private static final int BLOCKS_PER_CORE = 4;
  private static final int ROWS_PER_BLOCK = 500;

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

  /** Into how many blocks the rows are best cut for so many cores. */
  int blocks(int cores) {
    long full = Math.max(1, rows / ROWS_PER_BLOCK);
    return (int) Math.min((long) BLOCKS_PER_CORE * cores, full);
  }
}
