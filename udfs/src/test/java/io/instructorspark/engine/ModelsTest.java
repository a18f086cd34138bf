package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.CheckpointException;
import io.instructorspark.text.Compatibility;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsTest {
  @TempDir Path folder;

  @AfterEach
  void closeModels() {
    Models.closeAll();
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
}
