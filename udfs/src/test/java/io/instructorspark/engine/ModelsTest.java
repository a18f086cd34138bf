package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.CheckpointException;
import io.instructorspark.checkpoint.remote.Access;
import io.instructorspark.text.Compatibility;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelsTest {
  @TempDir Path folder;

  @AfterEach
  void closeModels() {
    Models.closeAll();
    Models.keepFor(Models.KEPT_FOR);
  }

  private ModelSpec spec() {
    return Fixtures.spec(
        RandomCheckpoint.write(folder.resolve("model"), RandomCheckpoint.SMALL, 1).open(),
        Compatibility.V1_0_1,
        512);
  }

  private static ModelSpec with(ModelSpec spec, Precision precision, String fingerprint) {
    return new ModelSpec(
        spec.location(),
        fingerprint,
        spec.compatibility(),
        spec.device(),
        precision,
        spec.maxLength());
  }

  @Test
  void areLoadedOnceForThreadsThatAskTogether() throws Exception {
    ModelSpec spec = spec();
    int threads = 8;
    CyclicBarrier together = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<InstructorModel>> asked = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        asked.add(
            pool.submit(
                () -> {
                  together.await();
                  return Models.onThisJvm(spec);
                }));
      }
      InstructorModel first = asked.get(0).get();
      for (Future<InstructorModel> one : asked) {
        assertThat(one.get()).isSameAs(first);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void areSharedByModesAndWindows() {
    ModelSpec spec = spec();
    ModelSpec other =
        new ModelSpec(
            spec.location(),
            spec.fingerprint(),
            Compatibility.ST,
            spec.device(),
            spec.precision(),
            64);
    assertThat(Models.onThisJvm(other)).isSameAs(Models.onThisJvm(spec));
  }

  @Test
  void areNotSharedByPrecisions() {
    ModelSpec spec = spec();
    assertThat(Models.onThisJvm(with(spec, Precision.BF16, spec.fingerprint())))
        .isNotSameAs(Models.onThisJvm(spec));
  }

  @Test
  void areSharedByAutoAndTheDeviceItStandsFor() {
    ModelSpec spec = spec();
    assumeTrue(LibTorch.engine().getGpuCount() == 0);
    ModelSpec auto =
        new ModelSpec(
            spec.location(),
            spec.fingerprint(),
            spec.compatibility(),
            Device.AUTO,
            spec.precision(),
            spec.maxLength());
    assertThat(Models.onThisJvm(auto)).isSameAs(Models.onThisJvm(spec));
  }

  @Test
  void areRefusedWhereAnotherCheckpointLiesThanTheDriverSaw() {
    ModelSpec spec = spec();
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> Models.onThisJvm(with(spec, Precision.FP32, "0123abcd")))
        .withMessageContaining(spec.location())
        .withMessageContaining("but 0123abcd where it was chosen")
        .withMessageContaining(spec.fingerprint())
        .withMessageContaining("Put the same files everywhere");
    assertThat(Models.onThisJvm(spec).dimension()).isEqualTo(16);
  }

  @Test
  void areLoadedLaterWhereTheFirstLoadingFailed() throws Exception {
    ModelSpec spec = spec();
    Path moved = folder.resolve("moved");
    Files.move(Path.of(spec.location()), moved);
    assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> Models.onThisJvm(spec));
    Files.move(moved, Path.of(spec.location()));
    assertThat(Models.onThisJvm(spec).dimension()).isEqualTo(16);
  }

  @Test
  void areLoadedAnewAfterAllWereClosed() {
    ModelSpec spec = spec();
    InstructorModel first = Models.onThisJvm(spec);
    Models.closeAll();
    InstructorModel second = Models.onThisJvm(spec);
    assertThat(second).isNotSameAs(first);
    assertThat(second.encode(new TokenBatch(List.of(new int[] {1}), new int[1])))
        .hasDimensions(1, 16);
  }

  @Test
  void thatFailHalfWaySayWhatCouldNotBeRead() throws Exception {
    RandomCheckpoint random =
        RandomCheckpoint.write(folder.resolve("model"), RandomCheckpoint.SMALL, 1);
    Checkpoint checkpoint = random.open();
    NativeMemoryProbe.cutLastTensor(random);
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(() -> InstructorModel.load(checkpoint, Device.CPU, Precision.FP32))
        .withMessageContaining("reading the weights of " + random.folder())
        .withMessageContaining("ends before byte");
  }

  @Test
  void areLoadedAnewAfterSomebodyClosedThem() {
    Checkpoint checkpoint = Fixtures.checkpoint("tiny-base");
    ModelSpec spec = Fixtures.spec(checkpoint, Compatibility.V1_0_1, 512);
    InstructorModel closed = Models.onThisJvm(spec);
    closed.close();
    closed.close();
    TextEmbedder late = closed.embedder(spec, EmbedOptions.DEFAULT);
    assertThatThrownBy(() -> late.embed(List.of(""), List.of("text")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    InstructorModel anew = Models.onThisJvm(spec);
    assertThat(anew.embedder(spec, EmbedOptions.DEFAULT).embed(List.of(""), List.of("text")).rows())
        .hasSize(1);
  }

  @Test
  void areCountedWhenLoadedAndWhileTheyAreThere() {
    long before = Models.loads();
    ModelSpec spec = spec();
    Models.onThisJvm(spec);
    assertThat(Models.loads() - before).isEqualTo(1);
    assertThat(Models.loaded()).isEqualTo(1);
    Models.onThisJvm(spec);
    assertThat(Models.loads() - before).isEqualTo(1);
    Models.closeAll();
    assertThat(Models.loads() - before).isEqualTo(1);
    assertThat(Models.loaded()).isZero();
  }

  @Nested
  class ForAnEmbedder {
    private final List<String> texts = List.of("water", "rivers of water", "students");

    private TextEmbedder embedder(ModelSpec spec, int maxTokens) {
      return Models.embedder(
          spec,
          Access.ofThisMachine(),
          new EmbedOptions(LongText.TRUNCATE, new BatchLimits(maxTokens, 4096), 1));
    }

    private List<float[]> embed(TextEmbedder embedder, BatchWatch watch) {
      return embedder.embed(Collections.nCopies(texts.size(), ""), texts, watch).rows().stream()
          .map(Embedding::vector)
          .toList();
    }

    @Test
    void areLoadedByTheFirstCallAndAgainWhenTheyWereReleased() {
      LoadWatch watch = new LoadWatch();
      TextEmbedder embedder = embedder(spec(), 512);
      assertThat(Models.loaded()).isZero();
      List<float[]> first = embed(embedder, watch);
      embed(embedder, watch);
      assertThat(watch.nanos).hasSize(1).allSatisfy(nanos -> assertThat(nanos).isPositive());
      Models.keepFor(Duration.ofMillis(1));
      eventually(() -> Models.loaded() == 0);
      Models.keepFor(Models.KEPT_FOR);
      List<float[]> second = embed(embedder, watch);
      assertThat(watch.nanos).hasSize(2);
      assertThat(Models.loaded()).isEqualTo(1);
      for (int i = 0; i < texts.size(); i++) {
        assertThat(second.get(i)).isEqualTo(first.get(i));
      }
    }

    @Test
    void areNotReleasedWhileACallIsUnderWay() {
      Models.keepFor(Duration.ofMillis(1));
      List<Integer> loaded = new ArrayList<>();
      long before = Models.loads();
      List<float[]> vectors =
          embed(
              embedder(spec(), 1),
              (rows, tokens) -> {
                pause(50);
                loaded.add(Models.loaded());
              });
      assertThat(loaded).containsExactly(1, 1, 1);
      assertThat(vectors).doesNotContainNull();
      assertThat(Models.loads() - before).isEqualTo(1);
      eventually(() -> Models.loaded() == 0);
    }

    @Test
    void areClosedInTheMiddleOfACallWithoutHarmToIt() {
      ModelSpec spec = spec();
      TextEmbedder embedder = embedder(spec, 1);
      List<float[]> expected = embed(embedder, (rows, tokens) -> {});
      List<float[]> vectors = embed(embedder, (rows, tokens) -> Models.closeAll());
      for (int i = 0; i < texts.size(); i++) {
        assertThat(vectors.get(i)).isEqualTo(expected.get(i));
      }
      assertThat(Models.loaded()).isZero();
    }

    @Test
    void serveManyThreadsWhileTheyAreReleasedAllTheTime() throws Exception {
      ModelSpec spec = spec();
      List<float[]> expected = embed(embedder(spec, 512), (rows, tokens) -> {});
      Models.keepFor(Duration.ofMillis(1));
      long before = Models.loads();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
      ExecutorService pool = Executors.newFixedThreadPool(4);
      try {
        List<Future<Integer>> calls = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
          calls.add(
              pool.submit(
                  () -> {
                    TextEmbedder embedder = embedder(spec, 512);
                    int made = 0;
                    for (; System.nanoTime() < end; made++) {
                      List<float[]> vectors = embed(embedder, (rows, tokens) -> {});
                      for (int i = 0; i < texts.size(); i++) {
                        assertThat(vectors.get(i)).isEqualTo(expected.get(i));
                      }
                      pause(made % 7);
                    }
                    return made;
                  }));
        }
        for (Future<Integer> call : calls) {
          assertThat(call.get()).isPositive();
        }
      } finally {
        pool.shutdownNow();
      }
      assertThat(Models.loads() - before).isGreaterThan(1);
    }

    @Test
    void areKeptWhereTheirHolderCannotBeKnown() {
      InstructorModel held = Models.onThisJvm(spec());
      Models.keepFor(Duration.ofMillis(1));
      pause(200);
      assertThat(held.isClosed()).isFalse();
      assertThat(Models.loaded()).isEqualTo(1);
    }

    @Test
    void areKeptForeverWhereThatIsAskedFor() {
      Models.keepFor(Models.FOREVER);
      embed(embedder(spec(), 512), (rows, tokens) -> {});
      assertThat(Models.loaded()).isEqualTo(1);
      assertThat(idleThreads()).isZero();
    }

    @Test
    void areThereBeforeTheFirstCallWherePreloaded() {
      ModelSpec spec = spec();
      LoadWatch watch = new LoadWatch();
      Models.preload(spec, Access.ofThisMachine());
      assertThat(Models.loaded()).isEqualTo(1);
      embed(embedder(spec, 512), watch);
      assertThat(watch.nanos).isEmpty();
    }

    @Test
    void leaveNoThreadBehindWhenTheyAreReleased() {
      embed(embedder(spec(), 512), (rows, tokens) -> {});
      assertThat(idleThreads()).isEqualTo(1);
      Models.keepFor(Duration.ofMillis(1));
      eventually(() -> idleThreads() == 0);
      assertThat(Models.loaded()).isZero();
    }

    private static long idleThreads() {
      return Thread.getAllStackTraces().keySet().stream()
          .filter(thread -> thread.getName().equals("instructor-idle-models"))
          .count();
    }

    private static void pause(long millis) {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    private static void eventually(BooleanSupplier condition) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!condition.getAsBoolean()) {
        assertThat(System.nanoTime()).as("in time").isLessThan(end);
        pause(5);
      }
    }

    private static final class LoadWatch implements BatchWatch {
      private final List<Long> nanos = new ArrayList<>();

      @Override
      public void afterBatch(int rows, long tokens) {}

      @Override
      public void modelLoaded(long took) {
        nanos.add(took);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1})
  void areKeptForSomeTimeOrForever(long seconds) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Models.keepFor(Duration.ofSeconds(seconds)))
        .withMessageContaining("a time above 0")
        .withMessageContaining("Models.FOREVER");
  }
}
