package io.instructorspark.spark;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.ui.SQLAppStatusStore;
import org.apache.spark.sql.execution.ui.SQLExecutionUIData;
import org.apache.spark.sql.execution.ui.SQLPlanMetric;

/**
 * A query that ran, with what Spark's UI shows of the operator: its metrics, summed over all places
 * where a plan has it.
 */
record SqlRun(List<Row> rows, Map<String, Long> metrics) {
  private static final long WAIT_MILLIS = 30_000;

  static SqlRun of(SparkSession session, String query) {
    return of(session.sql(query));
  }

  static SqlRun of(Dataset<Row> query) {
    SparkSession session = query.sparkSession();
    SQLAppStatusStore store = session.sharedState().statusStore();
    settle(session);
    long last = last(store);
    List<Row> rows = query.collectAsList();
    settle(session);
    Map<String, Long> metrics = new TreeMap<>();
    for (SQLExecutionUIData execution : executions(store)) {
      if (execution.executionId() <= last) {
        continue;
      }
      scala.collection.Map<Object, String> values = store.executionMetrics(execution.executionId());
      Seqs.list(execution.metrics()).stream()
          .map(SqlRun::named)
          .distinct()
          .filter(metric -> values.contains(metric.accumulator()))
          .forEach(
              metric ->
                  metrics.merge(
                      metric.name(), number(values.apply(metric.accumulator())), Long::sum));
    }
    return new SqlRun(rows, metrics);
  }

  private static List<SQLExecutionUIData> executions(SQLAppStatusStore store) {
    return Seqs.list(store.executionsList());
  }

  /** The number of the last query before; Spark forgets the oldest of more than a thousand. */
  private static long last(SQLAppStatusStore store) {
    return executions(store).stream().mapToLong(SQLExecutionUIData::executionId).max().orElse(-1);
  }

  long texts() {
    return metrics.getOrDefault("texts encoded", 0L);
  }

  long batches() {
    return metrics.getOrDefault("batches", 0L);
  }

  private record Named(String name, long accumulator) {}

  private static Named named(SQLPlanMetric metric) {
    return new Named(metric.name(), metric.accumulatorId());
  }

  private static void settle(SparkSession session) {
    try {
      session.sparkContext().listenerBus().waitUntilEmpty(WAIT_MILLIS);
    } catch (Exception e) { // checked, though Scala does not say so
      throw new IllegalStateException(e);
    }
  }

  /** The first number of what the UI shows, as "1,000" or "total (min, med, max)...". */
  private static long number(String shown) {
    String line = shown.contains("\n") ? shown.substring(shown.indexOf('\n') + 1) : shown;
    String digits = line.replace(",", "").replaceAll("^(\\d*).*", "$1");
    return digits.isEmpty() ? 0 : Long.parseLong(digits);
  }
}
