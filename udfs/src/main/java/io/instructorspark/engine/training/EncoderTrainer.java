package io.instructorspark.engine.training;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.CheckpointWriter;
import io.instructorspark.checkpoint.ElementType;
import io.instructorspark.engine.AdamW;
import io.instructorspark.engine.TokenBatch;
import io.instructorspark.engine.TrainableEncoder;
import io.instructorspark.engine.TrainableEncoder.Numbers;
import io.instructorspark.engine.TrainingMode;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Trains an encoder step by step. What a step does is a function of the encoder, the settings, the
 * step's number and its batch: whoever begins again from a saved {@link TrainingState} gets the
 * same weights. For one thread at a time; frees its native memory when closed.
 *
 * <pre>{@code
 * try (EncoderTrainer trainer = EncoderTrainer.begin(checkpoint, mode, settings)) {
 *   for (long step = 1; step <= settings.steps(); step++) {
 *     trainer.step(TrainingBatch.of(examples(step), Negatives.BATCH, 0.01));
 *   }
 *   trainer.write(ElementType.F32, folder);
 * }
 * }</pre>
 */
public final class EncoderTrainer implements AutoCloseable {
  private final TrainableEncoder encoder;
  private final TrainingSettings settings;
  private long done;

  private EncoderTrainer(TrainableEncoder encoder, TrainingSettings settings, long done) {
    this.encoder = encoder;
    this.settings = settings;
    this.done = done;
  }

  /**
   * Begins with a checkpoint's weights.
   *
   * @throws io.instructorspark.engine.EngineException if they cannot be loaded
   */
  public static EncoderTrainer begin(
      Checkpoint checkpoint, TrainingMode mode, TrainingSettings settings) {
    return new EncoderTrainer(TrainableEncoder.load(checkpoint, mode), settings, 0);
  }

  /**
   * Goes on from a saved state.
   *
   * @param checkpoint that the training began with; configs and tokenizer of what is written come
   *     from it
   * @param state of a training that began with it
   * @throws io.instructorspark.checkpoint.CheckpointException if the state is broken
   * @throws IOException if it cannot be read
   */
  public static EncoderTrainer resume(
      Checkpoint checkpoint, TrainingState state, TrainingMode mode, TrainingSettings settings)
      throws IOException {
    TrainableEncoder encoder = TrainableEncoder.load(checkpoint, mode);
    boolean loaded = false;
    try {
      state.readInto(encoder);
      loaded = true;
      return new EncoderTrainer(encoder, settings, state.steps());
    } finally {
      if (!loaded) {
        encoder.close();
      }
    }
  }

  /** Steps that were done, those before a resume included. */
  public long done() {
    return done;
  }

  /**
   * The next step: gradients of the batch's loss, and an update.
   *
   * @throws TrainingDivergedException if the loss or a gradient is NaN or infinite; the weights are
   *     as before the step
   * @throws IllegalArgumentException if an instruction leaves no room for its text
   * @throws io.instructorspark.engine.EngineException if libtorch fails or memory does not suffice
   */
  public StepResult step(TrainingBatch batch) {
    long step = done + 1;
    TokenBatch tokens = encoder.tokens(batch.instructions(), batch.texts(), settings.maxLength());
    boolean updated = false;
    try {
      double loss = encoder.addGradients(tokens, batch.contrast(), settings.limits(), seed(step));
      double norm = encoder.gradientNorm();
      if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
        throw new TrainingDivergedException(
            "step %d has the loss %s and gradients of length %s; lower the learning rates, raise the temperature, or warm up longer"
                .formatted(step, loss, norm));
      }
      AdamW adamW =
          settings
              .adamW()
              .times(settings.schedule().factor(step, settings.steps(), settings.warmup()));
      double scale = settings.clip() == 0 ? 1 : Math.min(1, settings.clip() / (norm + 1e-6));
      encoder.update(adamW, step, scale);
      updated = true;
      done = step;
      return new StepResult(loss, norm, adamW.rate(), tokens.realTokens());
    } finally {
      if (!updated) {
        encoder.forget();
      }
    }
  }

  private long seed(long step) {
    return settings.seed() * 0x9E3779B97F4A7C15L + step;
  }

  /** The vectors of a batch and their loss, without dropout; nothing is learnt from it. */
  public TrainableEncoder.Evaluation evaluate(TrainingBatch batch) {
    return encoder.evaluate(
        encoder.tokens(batch.instructions(), batch.texts(), settings.maxLength()),
        batch.contrast(),
        settings.limits().maxTokens());
  }

  /**
   * Writes the model as it is now: a folder that this program and sentence-transformers load.
   *
   * @param type of the weights, {@link ElementType#F32} or {@link ElementType#BF16}
   * @param folder that does not hold a model
   * @throws IOException if it cannot be written
   */
  public void write(ElementType type, Path folder) throws IOException {
    CheckpointWriter.write(
        encoder.checkpoint(), type, name -> encoder.numbers(Numbers.WEIGHTS, name), folder);
  }

  /**
   * Saves all that {@link #resume} needs.
   *
   * @param folder for states; the two newest are kept
   * @throws IOException if it cannot be written; earlier states are as they were
   */
  public TrainingState save(Path folder) throws IOException {
    return TrainingState.write(folder, done, encoder);
  }

  /** Frees the native memory. */
  @Override
  public void close() {
    encoder.close();
  }
}
