package io.instructorspark.job.compare;

import io.instructorspark.job.separation.LabelledRows;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Resamples the rows where they lie; the driver gets sums.
 *
 * @param resamples how many
 * @param seed of the draws
 */
record Bootstrap(int resamples, long seed) {
  /** Each row's outcomes, array<double>. */
  static final String OUTCOMES = "_compare_outcomes";

  private static final int LEAST = 100;
  private static final int MOST = 100_000;
  private static final long PLACES = 0xD1342543DE82EF95L; // odd: spreads places over all bits

  Bootstrap {
    if (resamples < LEAST || resamples > MOST) {
      throw new IllegalArgumentException(
          "--resamples must be from %d to %d, got %d".formatted(LEAST, MOST, resamples));
    }
  }

  /**
   * Runs a job.
   *
   * @param rows with key, place and {@link #OUTCOMES}
   * @param outcomes of a row
   */
  Resamples of(Dataset<Row> rows, int outcomes) {
    int draws = resamples;
    long first = seed;
    FlatMapFunction<Iterator<Row>, Resamples> summed =
        part -> {
          Resamples sums = new Resamples(draws, outcomes, first);
          double[] values = new double[outcomes];
          while (part.hasNext()) {
            Row row = part.next();
            List<Double> given = row.getList(2);
            for (int i = 0; i < outcomes; i++) {
              values[i] = given.get(i);
            }
            sums.add(row.getLong(0) + row.getInt(1) * PLACES, values);
          }
          return List.of(sums).iterator();
        };
    return rows.select(LabelledRows.KEY, LabelledRows.PLACE, OUTCOMES)
        .javaRDD()
        .mapPartitions(summed)
        .treeReduce(Resamples::plus);
  }
}
