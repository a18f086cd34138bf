package io.instructorspark.job.rows;

import java.util.List;

/**
 * What a pass over the input found.
 *
 * @param rows all rows, damaged ones included
 * @param problems rows with a problem
 * @param rowsByPartition rows of each partition that has any, in the order of the partitions
 */
record RowCount(long rows, long problems, List<Long> rowsByPartition) {}
