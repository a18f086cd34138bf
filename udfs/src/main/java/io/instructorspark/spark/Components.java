package io.instructorspark.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.storage.StorageLevel;

/**
 * Connected components of a graph that is given by its edges, by large and small stars (Kiveris et
 * al. 2014, "Connected Components in MapReduce and Beyond", section 4): the number of rounds grows
 * with the logarithm of the rows, whatever the components look like.
 */
final class Components {
  static final String ONE = "one";
  static final String OTHER = "other";
  private static final String LEAST = "least";

  private Components() {}

  /**
   * Runs a job for each round.
   *
   * @param edges {@link #ONE} and {@link #OTHER}, of one type that can be ordered
   * @return for each vertex ({@link #ONE}) that is not the least of its component, the least
   *     ({@link #OTHER}); kept in memory or on disk until it is unpersisted
   */
  static Dataset<Row> of(Dataset<Row> edges) {
    Kept now = Kept.of(downwards(edges.where(col(ONE).notEqual(col(OTHER)))));
    List<Object> before = state(now.rows);
    while (true) {
      Kept next = Kept.of(smallStars(largeStars(now.rows)));
      List<Object> after = state(next.rows);
      now.blocks.unpersist();
      now = next;
      if (after.equals(before)) {
        return now.rows;
      }
      before = after;
    }
  }

  /**
   * Rows that are kept, with a plan that does not know how they came about and so does not grow.
   */
  private record Kept(JavaRDD<InternalRow> blocks, Dataset<Row> rows) {
    static Kept of(Dataset<Row> rows) {
      JavaRDD<InternalRow> blocks =
          rows.queryExecution()
              .toRdd()
              .toJavaRDD()
              .map(InternalRow::copy)
              .persist(StorageLevel.MEMORY_AND_DISK());
      return new Kept(
          blocks, ClassicSpark.ofInternalRows(rows.sparkSession(), blocks.rdd(), rows.schema()));
    }
  }

  private static List<Object> state(Dataset<Row> edges) {
    Column hash = xxhash64(col(ONE), col(OTHER)).cast("decimal(38,0)");
    Row state = edges.agg(count(lit(1)), sum(hash)).head();
    return List.of(state.get(0), state.isNullAt(1) ? 0 : state.get(1));
  }

  /** Each edge once, from the greater vertex to the lesser. */
  private static Dataset<Row> downwards(Dataset<Row> edges) {
    Column one = col(ONE);
    Column other = col(OTHER);
    return edges.select(greatest(one, other).as(ONE), least(one, other).as(OTHER)).distinct();
  }

  /** Every greater neighbour of a vertex goes to the least of all of them. */
  private static Dataset<Row> largeStars(Dataset<Row> edges) {
    Dataset<Row> both = edges.union(edges.select(col(OTHER).as(ONE), col(ONE).as(OTHER)));
    Dataset<Row> leasts = both.groupBy(col(ONE).as("vertex")).agg(min(col(OTHER)).as(LEAST));
    return both.join(leasts, col(ONE).equalTo(col("vertex")))
        .where(col(OTHER).gt(col(ONE)))
        .select(col(OTHER).as(ONE), least(col(ONE), col(LEAST)).as(OTHER))
        .distinct();
  }

  /** Every lesser neighbour of a vertex, and the vertex, go to the least of them. */
  private static Dataset<Row> smallStars(Dataset<Row> edges) {
    Dataset<Row> leasts = edges.groupBy(col(ONE).as("vertex")).agg(min(col(OTHER)).as(LEAST));
    Dataset<Row> joined = edges.join(leasts, col(ONE).equalTo(col("vertex")));
    return joined
        .select(col(OTHER).as(ONE), col(LEAST).as(OTHER))
        .union(leasts.select(col("vertex").as(ONE), col(LEAST).as(OTHER)))
        .where(col(ONE).notEqual(col(OTHER)))
        .distinct();
  }
}
