package io.instructorspark.engine;

import io.instructorspark.checkpoint.Checkpoint;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A loaded checkpoint: weights in native memory, tokeniser, shape. Thread-safe: threads share it
 * and each makes its own {@link #embedder}. {@link Models} keeps one per JVM; whoever loads one
 * here closes it.
 */
public final class InstructorModel implements AutoCloseable {
  private final Checkpoint checkpoint;
  private final T5Tokenizer tokenizer;
  private final T5Encoder encoder;
  private final BatchBudget budget;
  private final AtomicBoolean closed = new AtomicBoolean();

  private InstructorModel(
      Checkpoint checkpoint, T5Tokenizer tokenizer, T5Encoder encoder, BatchBudget budget) {
    this.checkpoint = checkpoint;
    this.tokenizer = tokenizer;
    this.encoder = encoder;
    this.budget = budget;
  }

  /**
   * Loads weights and tokeniser. Cost: reads the weights once; peak memory is the weights in the
   * asked precision plus one matrix.
   *
   * @throws EngineException if the device is not there, natives do not load or memory does not
   *     suffice
   * @throws io.instructorspark.checkpoint.CheckpointException if the checkpoint cannot be read
   */
  public static InstructorModel load(Checkpoint checkpoint, Device device, Precision precision) {
    return of(checkpoint, T5Encoder.load(checkpoint, device, precision));
  }

  static InstructorModel of(Checkpoint checkpoint, T5Encoder encoder) {
    try {
      T5Tokenizer tokenizer = new T5Tokenizer(checkpoint.tokenizerJson(), checkpoint.location());
      return new InstructorModel(
          checkpoint, tokenizer, encoder, BatchBudget.of(checkpoint.config(), encoder.onGpu()));
    } catch (RuntimeException e) {
      encoder.close();
      throw e;
    }
  }

  /** Length of a vector. */
  public int dimension() {
    return checkpoint.dense().outFeatures();
  }

  /** The checkpoint it was loaded from. */
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  /** Version of libtorch that this JVM runs. */
  public static String libtorchVersion() {
    return LibTorch.engine().getVersion();
  }

  /**
   * Checks that a device can be had in this JVM, without loading a model.
   *
   * @throws EngineException if not; the message says how to get it
   */
  public static void requireDevice(Device device) {
    LibTorch.resolve(device);
  }

  /**
   * Checks that an instruction leaves room for a text, without loading a model.
   *
   * @throws IllegalArgumentException if it fills the window: all texts would get the same vector
   */
  public static void requireRoomForText(Checkpoint checkpoint, ModelSpec spec, String instruction) {
    try (T5Tokenizer tokenizer =
        new T5Tokenizer(checkpoint.tokenizerJson(), checkpoint.location())) {
      String error =
          new RowTokenizer(tokenizer, spec, checkpoint.doLowerCase(), LongText.TRUNCATE)
              .tokenize(0, instruction, "")
              .error();
      if (error != null) {
        throw new IllegalArgumentException(error);
      }
    }
  }

  /**
   * What a checkpoint's tokenizer makes of texts, without loading a model.
   *
   * @return for each text its token ids, {@code </s>} last, neither truncated nor padded
   * @throws EngineException if the tokenizer cannot be read, or is no T5 tokenizer
   */
  public static List<int[]> tokenIds(Checkpoint checkpoint, List<String> texts) {
    try (T5Tokenizer tokenizer =
        new T5Tokenizer(checkpoint.tokenizerJson(), checkpoint.location())) {
      return texts.stream().map(tokenizer::encode).toList();
    }
  }

  /** An embedder for the calling thread. */
  public TextEmbedder embedder(ModelSpec spec, EmbedOptions options) {
    int maxTokens =
        options.limits().maxTokens() == BatchLimits.AUTOMATIC
            ? budget.maxTokens()
            : options.limits().maxTokens();
    RowTokenizer rows =
        new RowTokenizer(tokenizer, spec, checkpoint.doLowerCase(), options.longText());
    return new TextEmbedder(this, rows, options, maxTokens);
  }

  /**
   * Gives the calling thread that many intra-op threads for its own passes. An {@link #embedder}
   * does so by itself.
   */
  public void useThreads(int threads) {
    LibTorch.useThreads(threads);
  }

  /**
   * One forward pass.
   *
   * @return a unit vector for each text of the batch, in its order, fp32, of length {@link
   *     #dimension}
   * @throws EngineException if libtorch fails
   * @throws IllegalStateException if the model is closed
   */
  public float[][] encode(TokenBatch batch) {
    if (closed.get()) {
      throw new IllegalStateException("the model of %s is closed".formatted(checkpoint.location()));
    }
    requireKnown(batch);
    try {
      return encoder.encode(batch);
    } catch (ai.djl.engine.EngineException e) {
      throw new EngineException(
          "the forward pass over %d texts of up to %d tokens failed: %s. If memory ran out, lower maxTokensPerBatch."
              .formatted(batch.size(), batch.tokens(), e.getMessage()),
          e);
    }
  }

  private void requireKnown(TokenBatch batch) {
    int vocabulary = checkpoint.config().vocabSize();
    for (int[] ids : batch.ids()) {
      for (int id : ids) {
        if (id < 0 || id >= vocabulary) {
          throw new EngineException(
              ("token %d is outside the vocabulary of %d that the weights of %s have: its tokenizer.json belongs to another"
                      + " checkpoint. Download the whole repository again.")
                  .formatted(id, vocabulary, checkpoint.location()));
        }
      }
    }
  }

  /** Whether {@link #close} was called. */
  boolean isClosed() {
    return closed.get();
  }

  /** Frees the native memory; a second call does nothing. No thread may be using the model. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        encoder.close();
      } finally {
        tokenizer.close();
      }
    }
  }
}
