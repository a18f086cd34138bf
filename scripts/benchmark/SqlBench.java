import io.instructorspark.engine.Models;
import io.instructorspark.engine.TextEmbedder;
import io.instructorspark.spark.EmbeddingSpec;
import io.instructorspark.spark.InstructorFunctions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.SparkPlan;

/**
 * SQL against the engine alone on the same partitions of the same rows: forward passes and rows a
 * second, in turn, in one JVM.
 *
 * <p>Arguments: a file of JSON lines with a field text, rows, cores, counted rounds.
 */
public final class SqlBench {
  private static final String INSTRUCTION = "Represent the sentence for retrieving similar sentences: ";

  private record Run(long passes, double seconds) {}

  private SqlBench() {}

  public static void main(String[] arguments) throws Exception {
    int rows = Integer.parseInt(arguments[1]);
    int cores = Integer.parseInt(arguments[2]);
    int rounds = Integer.parseInt(arguments[3]);
    SparkSession spark =
        SparkSession.builder()
            .master("local[" + cores + "]")
            .config("spark.ui.enabled", false)
            .config("spark.sql.adaptive.enabled", false) // the plan that ran is the one that was made
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
    InstructorFunctions.register(spark);
    Dataset<Row> texts =
        spark.read().json(arguments[0]).select("text").limit(rows).repartition(cores).cache();
    texts.createOrReplaceTempView("texts");
    List<List<String>> partitions = new ArrayList<>();
    for (int i = 0; i < cores; i++) {
      partitions.add(new ArrayList<>());
    }
    texts
        .selectExpr("spark_partition_id()", "text")
        .collectAsList()
        .forEach(row -> partitions.get(row.getInt(0)).add(row.getString(1)));
    EmbeddingSpec spec = EmbeddingSpec.of(spark);
    List<Run> bySql = new ArrayList<>();
    List<Run> byEngine = new ArrayList<>();
    for (int round = -2; round < rounds; round++) { // two to warm up
      Run engine = engine(spec, partitions);
      Run sql = sql(spark);
      if (round >= 0) {
        byEngine.add(engine);
        bySql.add(sql);
      }
    }
    double engine = median(byEngine);
    double sql = median(bySql);
    System.out.printf(
        "%d rows in %d partitions, %d rounds in turn, medians%n", rows, cores, rounds);
    System.out.printf("engine: %d passes, %.0f rows/s%n", byEngine.get(0).passes, rows / engine);
    System.out.printf("SQL:    %d passes, %.0f rows/s%n", bySql.get(0).passes, rows / sql);
    System.out.printf(
        "SQL by engine: passes %.3f, rows/s %.3f%n",
        (double) bySql.get(0).passes / byEngine.get(0).passes, engine / sql);
    spark.stop();
  }

  private static Run engine(EmbeddingSpec spec, List<List<String>> partitions) throws Exception {
    int window = spec.options().limits().windowSize();
    ExecutorService threads = Executors.newFixedThreadPool(partitions.size());
    long start = System.nanoTime();
    List<Future<Long>> passes = new ArrayList<>();
    for (List<String> texts : partitions) {
      passes.add(
          threads.submit(
              () -> {
                TextEmbedder embedder =
                    Models.onThisJvm(spec.model()).embedder(spec.model(), spec.options());
                long batches = 0;
                for (int from = 0; from < texts.size(); from += window) {
                  List<String> some = texts.subList(from, Math.min(texts.size(), from + window));
                  batches +=
                      embedder
                          .embed(Collections.nCopies(some.size(), INSTRUCTION), some)
                          .work()
                          .batches();
                }
                return batches;
              }));
    }
    long sum = 0;
    for (Future<Long> one : passes) {
      sum += one.get();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    threads.shutdown();
    return new Run(sum, seconds);
  }

  private static Run sql(SparkSession spark) {
    Dataset<Row> vectors =
        spark.sql("SELECT instructor_embed('%s', text) AS v FROM texts".formatted(INSTRUCTION));
    SparkPlan plan = vectors.queryExecution().executedPlan();
    long start = System.nanoTime();
    vectors.queryExecution().toRdd().count(); // rows as the operator makes them
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Run(passes(plan), seconds);
  }

  private static long passes(SparkPlan plan) {
    long sum =
        plan.metrics().contains("batches") ? plan.metrics().apply("batches").value() : 0;
    for (scala.collection.Iterator<SparkPlan> each = plan.children().iterator(); each.hasNext(); ) {
      sum += passes(each.next());
    }
    return sum;
  }

  private static double median(List<Run> runs) {
    double[] seconds = runs.stream().mapToDouble(Run::seconds).sorted().toArray();
    return seconds[seconds.length / 2];
  }
}
