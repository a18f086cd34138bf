package io.instructorspark.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.ElementType;
import io.instructorspark.checkpoint.Weights;
import io.instructorspark.engine.AdamW;
import io.instructorspark.engine.Device;
import io.instructorspark.engine.InstructorModel;
import io.instructorspark.engine.PassLimits;
import io.instructorspark.engine.Precision;
import io.instructorspark.engine.TokenBatch;
import io.instructorspark.engine.TrainingMode;
import io.instructorspark.engine.training.Example.Side;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderTrainerIT {
  private static final String INSTRUCTION = "Represent the sentence: ";
  private static final TrainingMode MODE = new TrainingMode(0.1, Precision.FP32, 1);

  @TempDir Path folder;

  private static Checkpoint tiny() {
    try {
      return Checkpoint.open(
          Path.of(EncoderTrainerIT.class.getResource("/fixtures/tiny-base").toURI()).toString());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static TrainingSettings settings(long steps, double rate) {
    return new TrainingSettings(
        steps,
        64,
        new AdamW(rate, rate, 0.01, 0.9, 0.999, 1e-8),
        RateSchedule.LINEAR,
        0.1,
        1,
        PassLimits.keeping(512),
        3);
  }

  /** Pairs of sentences, each of which has words that its partner has and no other has. */
  private static List<Example> pairs(int count) {
    String[] things = {"boat", "lamp", "horse", "bridge", "letter", "garden", "clock", "river"};
    String[] colours = {"red", "blue", "green", "white", "black", "yellow", "grey", "brown"};
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              String thing = things[i % 8];
              String colour = colours[i / 8 % 8];
              return new Example(
                  new Side(INSTRUCTION, "There is a %s %s".formatted(colour, thing)),
                  new Side(INSTRUCTION, "The %s that we saw was %s".formatted(thing, colour)),
                  null,
                  null);
            })
        .toList();
  }

  private static TrainingBatch batch(long step) {
    List<Example> pairs = pairs(64);
    int from = (int) (step * 16 % 64);
    return TrainingBatch.of(pairs.subList(from, from + 16), Negatives.BATCH, 0.05);
  }

  private static List<Double> train(EncoderTrainer trainer, long until) {
    List<Double> losses = new ArrayList<>();
    while (trainer.done() < until) {
      losses.add(trainer.step(batch(trainer.done() + 1)).loss());
    }
    return losses;
  }

  @Test
  void learnsSixtyFourPairsByHeart() {
    TrainingMode mode = new TrainingMode(0, Precision.FP32, 1);
    try (EncoderTrainer trainer = EncoderTrainer.begin(tiny(), mode, settings(150, 5e-3))) {
      TrainingBatch all = TrainingBatch.of(pairs(64), Negatives.BATCH, 0.05);
      assertThat(trainer.evaluate(all).loss()).isGreaterThan(1);
      while (trainer.done() < 150) {
        trainer.step(all);
      }
      assertThat(trainer.evaluate(all).loss()).isLessThan(0.01);
    }
  }

  @Test
  void goesOnFromAStateAsIfNothingHadHappened() throws IOException {
    List<Double> whole;
    try (EncoderTrainer trainer = EncoderTrainer.begin(tiny(), MODE, settings(12, 1e-3))) {
      whole = train(trainer, 12);
      trainer.write(ElementType.F32, folder.resolve("whole"));
    }
    try (EncoderTrainer trainer = EncoderTrainer.begin(tiny(), MODE, settings(12, 1e-3))) {
      train(trainer, 5);
      trainer.save(folder.resolve("states"));
    }
    TrainingState state = TrainingState.newest(folder.resolve("states")).orElseThrow();
    assertThat(state.steps()).isEqualTo(5);
    try (EncoderTrainer trainer = EncoderTrainer.resume(tiny(), state, MODE, settings(12, 1e-3))) {
      for (int step = 6; step <= 9; step++) { // the state that it came from is gone after two
        assertThat(trainer.step(batch(step)).loss()).isEqualTo(whole.get(step - 1));
        trainer.save(folder.resolve("states"));
      }
      assertThat(state.folder()).doesNotExist();
      assertThat(train(trainer, 12)).isEqualTo(whole.subList(9, 12));
      trainer.write(ElementType.F32, folder.resolve("resumed"));
    }
    assertThat(folder.resolve("resumed/model.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("whole/model.safetensors"));
  }

  @Test
  void keepsTwoStatesAndRemovesDrafts() throws IOException {
    Path states = folder.resolve("states");
    try (EncoderTrainer trainer = EncoderTrainer.begin(tiny(), MODE, settings(9, 1e-3))) {
      Files.createDirectories(states.resolve("draft-1"));
      Files.writeString(states.resolve("draft-1/config.json"), "{");
      for (int step = 1; step <= 3; step++) {
        trainer.step(batch(step));
        trainer.save(states);
      }
      trainer.save(states);
    }
    try (Stream<Path> files = Files.list(states)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("state-000000002", "state-000000003");
    }
  }

  @Test
  void stopsAtALossThatIsNoNumber() {
    try (EncoderTrainer trainer = EncoderTrainer.begin(tiny(), MODE, settings(9, 1e30))) {
      assertThatThrownBy(() -> train(trainer, 9))
          .isInstanceOf(TrainingDivergedException.class)
          .hasMessageContaining("lower the learning rates");
      assertThat(trainer.done()).isPositive().isLessThan(9);
    }
  }

  @Test
  void writesWhatAModelLoads() throws IOException {
    TrainingBatch batch = batch(1);
    float[][] expected;
    try (EncoderTrainer trainer = EncoderTrainer.begin(tiny(), MODE, settings(9, 1e-3))) {
      train(trainer, 3);
      expected = trainer.evaluate(batch).vectors();
      trainer.write(ElementType.F32, folder.resolve("fp32"));
      trainer.write(ElementType.BF16, folder.resolve("bf16"));
    }
    Checkpoint written = Checkpoint.open(folder.resolve("fp32").toString());
    try (InstructorModel model = InstructorModel.load(written, Device.CPU, Precision.FP32);
        EncoderTrainer again = EncoderTrainer.begin(written, MODE, settings(9, 1e-3))) {
      float[][] found = again.evaluate(batch).vectors();
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i]).containsExactly(expected[i], within(1e-6f));
      }
      int[] ids = InstructorModel.tokenIds(written, List.of(INSTRUCTION + "There is")).get(0);
      assertThat(model.encode(new TokenBatch(List.of(ids), new int[1]))[0])
          .hasSize(model.dimension());
    }
    Checkpoint half = Checkpoint.open(folder.resolve("bf16").toString());
    try (Weights weights = half.openWeights()) {
      assertThat(weights.tensor("shared.weight").type()).isEqualTo(ElementType.BF16);
    }
  }

  @Test
  void namesTheInstructionThatLeavesNoRoom() {
    Example example =
        new Example(new Side("word ".repeat(100), "a"), new Side(INSTRUCTION, "b"), null, null);
    TrainingBatch batch = TrainingBatch.of(List.of(example), Negatives.BATCH, 0.05);
    try (EncoderTrainer trainer = EncoderTrainer.begin(tiny(), MODE, settings(9, 1e-3))) {
      assertThatThrownBy(() -> trainer.step(batch))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("word word")
          .hasMessageContaining("fills the window");
      assertThat(trainer.done()).isZero();
    }
  }
}
