package io.instructorspark.spark;

import io.instructorspark.checkpoint.remote.Access;
import io.instructorspark.engine.BatchLimits;
import io.instructorspark.engine.BatchWatch;
import io.instructorspark.engine.Device;
import io.instructorspark.engine.EmbedOptions;
import io.instructorspark.engine.Embeddings;
import io.instructorspark.engine.EngineException;
import io.instructorspark.engine.LongText;
import io.instructorspark.engine.ModelSpec;
import io.instructorspark.engine.Models;
import io.instructorspark.engine.Precision;
import io.instructorspark.text.Compatibility;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * An application on a cluster: several tasks at once in each executor embed a few texts, and say on
 * which device, and how many models their JVM has loaded. Arguments: the master, a model, then
 * settings as {@code name=value}.
 */
final class ClusterProbe {
  /** Setting: the model is loaded in advance, and tasks wait for that before they begin. */
  static final String PRELOADED = "spark.probe.preloaded";

  private static final int TASKS = 8;

  private ClusterProbe() {}

  public static void main(String[] args) {
    SparkConf conf = new SparkConf().setMaster(args[0]).setAppName("cluster probe");
    for (String setting : List.of(args).subList(2, args.length)) {
      conf.set(setting.split("=", 2)[0], setting.split("=", 2)[1]);
    }
    try (JavaSparkContext context = new JavaSparkContext(conf)) {
      ModelSpec spec =
          ResolvedModel.of(
                  args[1],
                  Access.ofThisMachine(),
                  Compatibility.V1_0_1,
                  Device.AUTO,
                  Precision.FP32,
                  0)
              .spec();
      List<Integer> numbers = IntStream.range(0, TASKS).boxed().toList();
      context
          .parallelize(numbers, TASKS)
          .mapPartitions(ignored -> embed(spec))
          .collect()
          .forEach(System.out::println);
      context
          .parallelize(numbers, TASKS)
          .mapPartitions(ignored -> count())
          .distinct()
          .collect()
          .forEach(System.out::println);
    }
    System.out.printf(
        "models in the driver at the end: %d loads, %d loaded%n", Models.loads(), Models.loaded());
  }

  private static Iterator<String> embed(ModelSpec spec) throws InterruptedException {
    if (SparkEnv.get().conf().getBoolean(PRELOADED, false)) {
      for (int i = 0; i < 300 && Models.loaded() == 0; i++) {
        Thread.sleep(100);
      }
    }
    Loads loads = new Loads();
    Embeddings embeddings =
        Models.embedder(
                TaskDevice.of(spec),
                Access.ofThisMachine(),
                new EmbedOptions(LongText.TRUNCATE, BatchLimits.DEFAULT, 1))
            .embed(Collections.nCopies(2, ""), List.of("water", "rivers"), loads);
    String address =
        TaskContext.get().resourcesJMap().containsKey("gpu")
            ? TaskContext.get().resourcesJMap().get("gpu").addresses()[0]
            : "none";
    Thread.sleep(1_000); // so that all executors get tasks, and each several at once
    return List.of(
            "executor %s, GPU %s: cuda is %s, auto is %s, cuda:5 is %s, vectors %d, loads %d, refused: %s"
                .formatted(
                    SparkEnv.get().executorId(),
                    address,
                    TaskDevice.of(spec.on(Device.CUDA)).device(),
                    TaskDevice.of(spec).device(),
                    TaskDevice.of(spec.on(Device.gpu(5))).device(),
                    embeddings.work().texts(),
                    loads.count,
                    refusal(spec)))
        .iterator();
  }

  private static final class Loads implements BatchWatch {
    private int count;

    @Override
    public void afterBatch(int rows, long tokens) {}

    @Override
    public void modelLoaded(long nanos) {
      count++;
    }
  }

  /** What is said to a task that wants a GPU where libtorch can use none. */
  private static String refusal(ModelSpec spec) {
    try {
      Models.embedder(
              TaskDevice.of(spec.on(Device.CUDA)), Access.ofThisMachine(), EmbedOptions.DEFAULT)
          .embed(List.of(""), List.of("water"));
      return "no";
    } catch (EngineException e) {
      return e.getMessage();
    }
  }

  private static Iterator<String> count() throws InterruptedException {
    Thread.sleep(1_000);
    return List.of(
            "models in executor %s: %d loads, %d loaded"
                .formatted(SparkEnv.get().executorId(), Models.loads(), Models.loaded()))
        .iterator();
  }
}
