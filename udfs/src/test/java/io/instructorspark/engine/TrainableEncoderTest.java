package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.CheckpointWriter;
import io.instructorspark.checkpoint.ElementType;
import io.instructorspark.engine.TrainableEncoder.Numbers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients, and what becomes of weights by them. */
class TrainableEncoderTest {
  private static final String INSTRUCTION = "Represent the sentence for finding its answer: ";

  private static final List<String> TEXTS =
      List.of(
          "How far is the moon?",
          "Who wrote the first cook book with weights?",
          "Why do cats purr",
          "It is about as far as thirty Earths in a row, they say.",
          "A cook of whom nobody knows more than the name.",
          "They purr when they are content, and when they are in pain.",
          "The moon is made of rock.",
          "Books are heavy.",
          "Dogs bark");

  private static final Contrast ALL = all(3, 3);

  private static final AdamW ADAM_W = new AdamW(1e-2, 1e-2, 0.01, 0.9, 0.999, 1e-8);

  static Contrast all(int pairs, int negatives) {
    boolean[] against = new boolean[pairs * (pairs + negatives)];
    Arrays.fill(against, true);
    return new Contrast(pairs, negatives, against, against, 0.1);
  }

  @TempDir Path folder;

  private static TrainableEncoder load(String name, double dropout, Precision precision) {
    return load(name, dropout, precision, 1);
  }

  private static TrainableEncoder load(
      String name, double dropout, Precision precision, int threads) {
    return TrainableEncoder.load(
        Fixtures.checkpoint(name), new TrainingMode(dropout, precision, threads));
  }

  private static TokenBatch tokens(TrainableEncoder encoder) {
    return encoder.tokens(Collections.nCopies(TEXTS.size(), INSTRUCTION), TEXTS, 64);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-base", "tiny-xl", "builtin:instructor-mini"})
  void encodesAsTheModelDoes(String name) {
    try (TrainableEncoder encoder = load(name, 0.1, Precision.FP32);
        InstructorModel model = Fixtures.model(name)) {
      TokenBatch batch = tokens(encoder);
      float[][] expected = model.encode(batch);
      float[][] found = encoder.encode(batch, 100);
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i]).containsExactly(expected[i], within(2e-6f));
      }
    }
  }

  @Test
  void drawsTheSameDropoutForTheSameSeed() {
    try (TrainableEncoder encoder = load("tiny-base", 0.1, Precision.FP32)) {
      TokenBatch batch = tokens(encoder);
      double first = encoder.addGradients(batch, ALL, PassLimits.keeping(64), 7);
      assertThat(encoder.addGradients(batch, ALL, PassLimits.keeping(64), 7)).isEqualTo(first);
      assertThat(encoder.addGradients(batch, ALL, PassLimits.keeping(64), 8)).isNotEqualTo(first);
      assertThat(encoder.evaluate(batch, ALL, 64).loss()).isNotEqualTo(first);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1})
  void hasTheSameGradientsPassByPass(double dropout) {
    try (TrainableEncoder whole = load("tiny-base", dropout, Precision.FP32);
        TrainableEncoder passes = load("tiny-base", dropout, Precision.FP32)) {
      double loss = whole.addGradients(tokens(whole), ALL, PassLimits.keeping(64), 7);
      assertThat(passes.addGradients(tokens(passes), ALL, PassLimits.passByPass(64), 7))
          .isCloseTo(loss, within(1e-5));
      assertThat(whole.gradientNorm()).isPositive().isCloseTo(passes.gradientNorm(), within(1e-4));
      for (String name : whole.names()) {
        assertClose(
            name, passes.numbers(Numbers.GRADIENTS, name), whole.numbers(Numbers.GRADIENTS, name));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shared.weight",
        "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
        "encoder.block.0.layer.0.layer_norm.weight",
        "encoder.block.0.layer.0.SelfAttention.q.weight",
        "encoder.block.0.layer.0.SelfAttention.k.weight",
        "encoder.block.1.layer.0.SelfAttention.v.weight",
        "encoder.block.1.layer.0.SelfAttention.o.weight",
        "encoder.block.1.layer.1.DenseReluDense.wi.weight",
        "encoder.block.0.layer.1.DenseReluDense.wo.weight",
        "encoder.final_layer_norm.weight",
        "2_Dense.linear.weight"
      })
  void hasTheGradientThatSmallChangesShow(String name) throws IOException {
    float[] gradient;
    try (TrainableEncoder encoder = load("tiny-base", 0, Precision.FP32)) {
      encoder.addGradients(tokens(encoder), ALL, PassLimits.keeping(64), 7);
      gradient = encoder.numbers(Numbers.GRADIENTS, name);
    }
    int place = 0; // of the number that matters most
    for (int i = 0; i < gradient.length; i++) {
      place = Math.abs(gradient[i]) > Math.abs(gradient[place]) ? i : place;
    }
    float change = 0.001f;
    double slope = (lossWith(name, place, change) - lossWith(name, place, -change)) / (2 * change);
    assertThat(slope).isCloseTo(gradient[place], withinPercentage(3.0));
  }

  /** The loss where one number of a tensor is another one. */
  private double lossWith(String name, int place, float change) throws IOException {
    Path changed = folder.resolve("changed" + change);
    try (TrainableEncoder encoder = load("tiny-base", 0, Precision.FP32)) {
      CheckpointWriter.write(
          encoder.checkpoint(),
          ElementType.F32,
          tensor -> {
            float[] numbers = encoder.numbers(Numbers.WEIGHTS, tensor);
            if (tensor.equals(name)) {
              numbers[place] += change;
            }
            return numbers;
          },
          changed);
    }
    try (TrainableEncoder encoder =
        TrainableEncoder.load(
            Checkpoint.open(changed.toString()), new TrainingMode(0, Precision.FP32, 1))) {
      return encoder.evaluate(tokens(encoder), ALL, 512).loss();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 20})
  void hasTheSameGradientsOnAnyNumberOfThreads(int threads) {
    try (TrainableEncoder one = load("tiny-base", 0, Precision.FP32);
        TrainableEncoder many = load("tiny-base", 0, Precision.FP32, threads)) {
      double loss = one.addGradients(tokens(one), ALL, PassLimits.keeping(64), 7);
      assertThat(many.addGradients(tokens(many), ALL, PassLimits.keeping(64), 7))
          .isCloseTo(loss, within(1e-5));
      for (String name : one.names()) {
        assertClose(
            name, many.numbers(Numbers.GRADIENTS, name), one.numbers(Numbers.GRADIENTS, name));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void repeatsItselfToTheBit(int threads) {
    List<Double> first = losses(threads);
    assertThat(losses(threads)).isEqualTo(first);
  }

  private static List<Double> losses(int threads) {
    List<Double> losses = new ArrayList<>();
    try (TrainableEncoder encoder = load("tiny-base", 0.1, Precision.FP32, threads)) {
      for (int step = 1; step <= 5; step++) {
        losses.add(encoder.addGradients(tokens(encoder), ALL, PassLimits.keeping(64), step));
        encoder.update(ADAM_W, step, 1);
      }
    }
    return losses;
  }

  private static void assertClose(String name, float[] found, float[] expected) {
    double scale = 0;
    double error = 0;
    for (int i = 0; i < expected.length; i++) {
      scale = Math.max(scale, Math.abs(expected[i]));
      error = Math.max(error, Math.abs(expected[i] - found[i]));
    }
    assertThat(scale).as(name).isPositive();
    assertThat(error).as(name).isLessThan(1e-4 * scale);
  }

  @ParameterizedTest
  @ValueSource(strings = {"FP32", "BF16"})
  void learnsWhatItIsShown(String precision) {
    try (TrainableEncoder encoder = load("tiny-base", 0, Precision.valueOf(precision))) {
      TokenBatch batch = tokens(encoder);
      List<Double> losses = new ArrayList<>();
      for (int step = 1; step <= 60; step++) {
        losses.add(encoder.addGradients(batch, ALL, PassLimits.keeping(512), step));
        encoder.update(ADAM_W, step, Math.min(1, 1 / encoder.gradientNorm()));
      }
      assertThat(losses.get(59)).isLessThan(0.05).isLessThan(losses.get(0) / 10);
      assertThat(encoder.gradientNorm()).isZero();
    }
  }

  /** What is kept of ones, as the program drops them out. */
  private static float[] dropped(double rate, long seed, long place) {
    try (PtNDManager scope = (PtNDManager) LibTorch.engine().newBaseManager(ai.djl.Device.cpu());
        IValue ones = IValue.from((PtNDArray) scope.ones(new Shape(100, 1000)));
        IValue seedValue = IValue.from(seed);
        IValue placeValue = IValue.from(place)) {
      return TorchProgram.training(scope, rate)
          .call(scope, "dropout", ones, seedValue, placeValue)
          .toFloatArray();
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5})
  void dropsTheShareThatWasAskedFor(double rate) {
    float[] first = dropped(rate, 7, 3);
    float kept = (float) (1 / (1 - rate));
    for (float[] other : List.of(first, dropped(rate, 8, 3), dropped(rate, 7, 4))) {
      int zeros = 0;
      int alike = 0;
      int runs = 0; // of two zeros side by side
      for (int i = 0; i < other.length; i++) {
        assertThat(other[i] == 0 || other[i] == kept).isTrue();
        zeros += other[i] == 0 ? 1 : 0;
        alike += other[i] == 0 && first[i] == 0 ? 1 : 0;
        runs += i > 0 && other[i] == 0 && other[i - 1] == 0 ? 1 : 0;
      }
      double count = other.length;
      assertThat(zeros / count).isCloseTo(rate, within(0.006));
      assertThat(runs / count).isCloseTo(rate * rate, within(0.006));
      assertThat(alike / count)
          .isCloseTo(other == first ? zeros / count : rate * rate, within(0.006));
    }
    assertThat(dropped(rate, 7, 3)).containsExactly(first);
  }
}
