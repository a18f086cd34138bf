package io.instructorspark.spark;

import org.apache.spark.Partitioner;

/** Brings what was found for blocks of queries to where the blocks are. */
final class ByQueryPartition extends Partitioner {
  private static final long serialVersionUID = 1L;

  private final int partitions;

  ByQueryPartition(int partitions) {
    this.partitions = partitions;
  }

  @Override
  public int numPartitions() {
    return partitions;
  }

  @Override
  public int getPartition(Object key) {
    return QueryBlocks.partition((Long) key);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ByQueryPartition same && same.partitions == partitions;
  }

  @Override
  public int hashCode() {
    return partitions;
  }
}
