package io.instructorspark.spark;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.rdd.PartitionGroup;
import org.apache.spark.rdd.RDD;

/**
 * Puts partitions together that follow one another, so that the order of rows stays. Spark's own
 * way looks at where partitions are, and mixes them.
 */
final class ConsecutivePartitions implements PartitionCoalescer, ScalaSerializable {
  private static final long serialVersionUID = 1L;

  private ConsecutivePartitions() {}

  /** The rows in at most so many partitions, of about as many of the old ones each. */
  static <T> JavaRDD<T> atMost(int most, RDD<T> rows) {
    return rows.getNumPartitions() <= most
        ? rows.toJavaRDD()
        : rows.coalesce(most, false, scala.Option.apply(new ConsecutivePartitions()), null)
            .toJavaRDD();
  }

  @Override
  public PartitionGroup[] coalesce(int most, RDD<?> parent) {
    int count = parent.getNumPartitions();
    PartitionGroup[] groups = new PartitionGroup[Math.min(most, count)];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = new PartitionGroup(scala.Option.empty());
      int end = (int) ((i + 1L) * count / groups.length);
      for (int place = (int) ((long) i * count / groups.length); place < end; place++) {
        groups[i].partitions().$plus$eq(parent.partitions()[place]);
      }
    }
    return groups;
  }
}
