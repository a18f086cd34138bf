package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.esotericsoftware.kryo.Kryo;
import io.instructorspark.engine.Work;
import io.instructorspark.spark.EmbeddingMetrics.Totals;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;
import scala.Tuple4;
import scala.reflect.ClassTag$;

class PartCountsTest {
  private static Totals rows(long rows) {
    return new Totals(rows, 1, 0, 0, 0, Work.NONE.withTokens(10 * rows));
  }

  private static CountedPart part(int partition) {
    return new CountedPart(7, 1, partition, 0);
  }

  /** As a task sends it. */
  private static PartCounts ofTask(CountedPart part, long rows) {
    PartCounts counts = new PartCounts().copyAndReset();
    counts.put(part, rows(rows));
    return counts;
  }

  @Test
  void addUpOverParts() {
    PartCounts counts = new PartCounts();
    counts.merge(ofTask(part(0), 5));
    counts.merge(ofTask(part(1), 6));
    counts.merge(ofTask(new CountedPart(8, 1, 1, 0), 7));
    assertThat(counts.sum().rows()).isEqualTo(18);
    assertThat(counts.sum().tokens()).isEqualTo(180);
    assertThat(counts.sum().errors()).isEqualTo(3);
  }

  @Test
  void areReplacedWhereAPartIsCountedAgain() {
    PartCounts counts = new PartCounts();
    counts.merge(ofTask(part(0), 5));
    counts.merge(ofTask(part(1), 6));
    counts.merge(ofTask(part(0), 5));
    assertThat(counts.sum()).isEqualTo(rows(5).plus(rows(6)));
  }

  @Test
  void rememberTheLastParts() {
    PartCounts counts = new PartCounts(3, false);
    for (int i = 0; i < 10; i++) {
      counts.merge(ofTask(part(i), 1));
    }
    assertThat(counts.size()).isEqualTo(3);
    assertThat(counts.sum().rows()).isEqualTo(10);
    counts.merge(ofTask(part(9), 1));
    assertThat(counts.sum().rows()).isEqualTo(10);
  }

  @Test
  void showTheirPartsOnlyInATask() {
    PartCounts counts = new PartCounts();
    counts.merge(ofTask(part(0), 5));
    assertThat(counts.value().parts()).isEmpty();
    assertThat(ofTask(part(0), 5).value().parts()).containsOnlyKeys(part(0));
    assertThat(counts.value()).hasToString("5 rows, 50 tokens, 1 errors");
  }

  @Test
  void travelWhileTheirTaskCounts() throws Exception {
    PartCounts counts = ofTask(part(0), 1);
    CompletableFuture<Void> task =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 20_000; i++) {
                counts.put(part(i % 50), rows(i));
              }
            });
    while (!task.isDone()) {
      PartCounts.Value seen = counts.value();
      new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(seen);
    }
    task.join();
    assertThat(counts.size()).isEqualTo(50);
  }

  @Test
  void ofASessionTravelByJavaAndByKryo() throws Exception {
    EmbeddingMetrics metrics = new EmbeddingMetrics(TestSession.get().sparkContext());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ObjectOutputStream(bytes).writeObject(metrics);
    Object read = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
    assertThat(((EmbeddingMetrics) read).id()).isEqualTo(metrics.id());
    SerializerInstance kryo = new KryoSerializer(new SparkConf()).newInstance();
    EmbeddingMetrics byKryo =
        kryo.deserialize(
            kryo.serialize(metrics, ClassTag$.MODULE$.apply(EmbeddingMetrics.class)),
            ClassTag$.MODULE$.apply(EmbeddingMetrics.class));
    assertThat(byKryo.id()).isEqualTo(metrics.id());
    assertThat(new Kryo().getDefaultSerializer(EmbeddingMetrics.class))
        .isInstanceOf(com.esotericsoftware.kryo.serializers.JavaSerializer.class);
  }

  @Test
  void ofRunningCopiesOfATaskCountOnceInTheProgress() {
    EmbeddingMetrics metrics = new EmbeddingMetrics(TestSession.get().sparkContext());
    EmbeddingProgress progress = new EmbeddingProgress(metrics);
    progress.onExecutorMetricsUpdate(heartbeat(metrics, 100, part(0), 5));
    progress.onExecutorMetricsUpdate(heartbeat(metrics, 101, part(0), 3));
    progress.onExecutorMetricsUpdate(heartbeat(metrics, 102, part(1), 2));
    assertThat(progress.now()).isEqualTo(new EmbeddingProgress.Counted(7, 70));
    metrics.merge(ofTask(part(0), 9));
    assertThat(progress.now()).isEqualTo(new EmbeddingProgress.Counted(11, 110));
  }

  private static SparkListenerExecutorMetricsUpdate heartbeat(
      EmbeddingMetrics metrics, long task, CountedPart part, long rows) {
    PartCounts counts = ofTask(part, rows);
    return new SparkListenerExecutorMetricsUpdate(
        "1",
        Seqs.of(
            List.of(
                new Tuple4<>(
                    (Object) task,
                    (Object) 1,
                    (Object) 0,
                    Seqs.of(
                        List.of(
                            new org.apache.spark.scheduler.AccumulableInfo(
                                metrics.id(),
                                scala.Option.empty(),
                                scala.Option.apply((Object) counts.value()),
                                scala.Option.empty(),
                                false,
                                false,
                                scala.Option.empty())))))),
        Seqs.of(java.util.Map.of()));
  }
}
