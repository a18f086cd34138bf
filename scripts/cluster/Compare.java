import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Compares outputs of {@code embed} on the same input row by row, by the column id. Arguments: the
 * output that is right, then for each run a name, its output, its run record, its seconds, and how
 * many models each of its executors has loaded. Prints a table; exit status 1 if a run differs.
 */
public final class Compare {
  private static final double ALLOWED = 1e-6;
  private static final String FORMAT = "%-12s %8s %8s %12s %10s  %-16s %8s %8s %7s %8s  %s%n";

  public static void main(String[] args) throws Exception {
    boolean sound = true;
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "4")
            .getOrCreate()) {
      spark.read().parquet(args[0]).createOrReplaceTempView("expected");
      System.out.printf(
          FORMAT, "", "", "rows in", "largest", "", "models loaded", "run record:", "", "", "texts", "");
      System.out.printf(
          FORMAT, "scenario", "seconds", "output", "difference", "executors", "in each", "rows",
          "vectors", "errors", "encoded", "");
      for (int i = 1; i < args.length; i += 5) {
        sound &= run(spark, args[i], args[i + 1], args[i + 2], args[i + 3], args[i + 4].strip());
      }
    }
    System.exit(sound ? 0 : 1);
  }

  private static boolean run(
      SparkSession spark, String name, String output, String record, String seconds, String loads)
      throws Exception {
    Dataset<Row> found = spark.read().parquet(output);
    found.createOrReplaceTempView("found");
    Row all =
        spark
            .sql(
                """
                SELECT count(f.id), count(DISTINCT f.id), count(e.id),
                  count_if(e.id IS NULL OR f.id IS NULL OR e.text != f.text
                    OR (e.embedding IS NULL) != (f.embedding IS NULL)
                    OR size(e.embedding) != size(f.embedding)),
                  max(array_max(zip_with(e.embedding, f.embedding, (a, b) -> abs(a - b)))),
                  count(f.embedding), count(f.error)
                FROM expected e FULL OUTER JOIN found f ON e.id = f.id""")
            .first();
    double difference = all.isNullAt(4) ? Double.NaN : ((Number) all.get(4)).doubleValue();
    JsonNode counts = new ObjectMapper().readTree(new File(record)).get("counts");
    long rows = all.getLong(0);
    boolean same =
        rows == all.getLong(1)
            && rows == all.getLong(2)
            && all.getLong(3) == 0
            && difference <= ALLOWED;
    boolean counted =
        counts.get("rows").asLong() == rows
            && counts.get("vectors").asLong() == all.getLong(5)
            && counts.get("errors").asLong() == all.getLong(6)
            && counts.get("texts_encoded").asLong() <= all.getLong(5);
    boolean once = loads.matches("[01]( [01])*");
    System.out.printf(
        FORMAT,
        name,
        seconds,
        rows,
        String.format(Locale.ROOT, "%.1e", difference),
        loads.split(" ").length,
        loads,
        counts.get("rows"),
        counts.get("vectors"),
        counts.get("errors"),
        counts.get("texts_encoded"),
        same && counted && once
            ? "ok"
            : "FAILED:"
                + (same ? "" : " rows differ")
                + (counted ? "" : " wrong counts")
                + (once ? "" : " more than one model in an executor"));
    return same && counted && once;
  }
}
