import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import io.instructorspark.spark.NearestNeighbors;
import io.instructorspark.spark.NearestNeighborsModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Neighbours of vectors among themselves with default settings: seconds, floating-point operations a
 * second against the product of 4096 by 4096 vectors on one thread of this JVM, the seconds of tasks
 * by stage, and the peak of resident memory.
 *
 * <p>Arguments: a folder of Parquet with id and embedding, rows, how often a vector is put behind
 * itself (256 three times is 768), exact or ivf, cores, and a place for the ids and similarities of
 * the first rows, or - for none.
 */
public final class NeighborBench {
  private static final int SIDE = 4096;
  private static final int K = 10;

  private NeighborBench() {}

  public static void main(String[] arguments) throws Exception {
    int rows = Integer.parseInt(arguments[1]);
    int times = Integer.parseInt(arguments[2]);
    int cores = Integer.parseInt(arguments[4]);
    SparkSession spark =
        SparkSession.builder()
            .master("local[" + cores + "]")
            .config("spark.ui.enabled", false)
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
    Dataset<Row> vectors =
        spark
            .read()
            .parquet(arguments[0])
            .where("id < " + rows)
            .selectExpr("id", "flatten(array_repeat(embedding, " + times + ")) AS embedding");
    NearestNeighbors stage =
        new NearestNeighbors().setK(K).setExcludeSelf(true).setAlgorithm(arguments[3]);
    long start = System.nanoTime();
    NearestNeighborsModel model = stage.fit(vectors);
    double fit = (System.nanoTime() - start) / 1e9;
    int dimension = model.dimension();
    Stages stages = new Stages();
    spark.sparkContext().addSparkListener(stages);
    start = System.nanoTime();
    Dataset<Row> found = model.transform(vectors).select("id", "neighbors");
    if (arguments[5].equals("-")) {
      found.write().format("noop").mode("overwrite").save();
    } else {
      found.write().mode("overwrite").parquet(arguments[5]);
    }
    double search = (System.nanoTime() - start) / 1e9;
    long tasks = stages.searching();
    double operations = 2.0 * model.corpusRows() * model.corpusRows() * dimension;
    double product = product(dimension);
    System.out.printf(
        "%s: %,d x %,d x %d: fit %.1f s, search %.1f s; recall %.4f, %d of %d cells%n",
        model.algorithmUsed(),
        model.corpusRows(),
        model.corpusRows(),
        dimension,
        fit,
        search,
        model.recall(),
        model.probes(),
        model.cellCount());
    System.out.printf(
        "all pairs by the seconds of the tasks that multiply: %.1f GFLOP/s; the product alone %.1f GFLOP/s; ratio %.3f%n",
        operations / tasks / 1e6, product, operations / tasks / 1e6 / product);
    System.out.printf(
        "all pairs by search seconds and cores: %.1f GFLOP/s; ratio %.3f%n",
        operations / search / cores / 1e9, operations / search / cores / 1e9 / product);
    stages.print();
    System.out.println(
        "peak of resident memory, the product's included: "
            + Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .findFirst()
                .orElse("unknown"));
    spark.stop();
  }

  /** Milliseconds of tasks by stage. */
  private static final class Stages extends SparkListener {
    private final Map<Integer, long[]> milliseconds = new ConcurrentSkipListMap<>();

    @Override
    public void onTaskEnd(SparkListenerTaskEnd task) {
      long[] sums = milliseconds.computeIfAbsent(task.stageId(), stage -> new long[3]);
      synchronized (sums) {
        sums[0]++;
        sums[1] += task.taskMetrics().executorRunTime();
        sums[2] += task.taskMetrics().executorCpuTime() / 1_000_000;
      }
    }

    /** Of the stage that takes most. */
    long searching() throws InterruptedException {
      Thread.sleep(1000); // the listener hears of tasks a little later
      return milliseconds.values().stream().mapToLong(sums -> sums[1]).max().orElseThrow();
    }

    void print() {
      milliseconds.forEach(
          (stage, sums) ->
              System.out.printf(
                  "stage %d: %d tasks, %.1f s, of processor %.1f s%n",
                  stage, sums[0], sums[1] / 1e3, sums[2] / 1e3));
    }
  }

  private static double product(int dimension) {
    JniUtils.setNumThreads(1);
    double best = 0;
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        NDArray q = scope.randomNormal(new Shape(SIDE, dimension));
        NDArray c = scope.randomNormal(new Shape(SIDE, dimension))) {
      for (int i = 0; i < 5; i++) {
        long start = System.nanoTime();
        q.matMul(c.transpose()).close();
        best = Math.max(best, 2.0 * SIDE * SIDE * dimension / (System.nanoTime() - start));
      }
    }
    return best;
  }
}
