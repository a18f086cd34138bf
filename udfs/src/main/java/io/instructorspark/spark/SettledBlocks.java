package io.instructorspark.spark;

import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;

/**
 * Blocks that are computed once and then read by all tasks that need them. What lies behind a
 * shuffle may come in another order each time it is read, and two executors that both computed a
 * block would not have the same one.
 */
final class SettledBlocks {
  private SettledBlocks() {}

  /**
   * The blocks in their partitions and order, by a shuffle that moves none to another partition.
   *
   * @param blocks with keys of {@link QueryBlocks#key}
   */
  static <T> JavaRDD<T> of(JavaPairRDD<Long, T> blocks) {
    return blocks
        .repartitionAndSortWithinPartitions(new ByQueryPartition(blocks.getNumPartitions()))
        .values();
  }
}
