package io.instructorspark.engine;

import io.instructorspark.checkpoint.Checkpoint;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A loaded checkpoint: weights in native memory, tokeniser, shape. Thread-safe: threads share it
 * and each makes its own {@link #embedder}. {@link Models} keeps one per JVM; whoever loads one
 * here closes it.
 */
public final class InstructorModel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InstructorModel.class);

  /** How CUDA says that the process's state on a GPU is lost. */
  private static final String BROKEN_GPU = "CUDA error";

  private static final AtomicBoolean SAID_BOUNDED = new AtomicBoolean();

  private final Checkpoint checkpoint;
  private final T5Tokenizer tokenizer;
  private final T5Encoder encoder;
  private final BatchBudget budget;
  private final UseCount uses = new UseCount(this::free);

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
    try {
      return of(checkpoint, T5Encoder.load(checkpoint, device, precision));
    } catch (ai.djl.engine.EngineException | EngineException | OutOfMemoryError e) {
      throw failedToLoad(checkpoint, device, precision, e);
    }
  }

  /** What is thrown where loading failed; an error of Java's heap is thrown as it is. */
  private static EngineException failedToLoad(
      Checkpoint checkpoint, Device device, Precision precision, Throwable failure) {
    Optional<String> evidence = NativeMemoryException.evidence(failure);
    if (evidence.isPresent()) {
      return new NativeMemoryException(
          ("the model of %s takes %d MB of native memory while it is loaded (%s, %s) and did not get it: %s. Give the executor"
                  + " more memory outside its heap (spark.executor.memoryOverhead) or the GPU fewer models, or take precision bf16.")
              .formatted(
                  checkpoint.location(),
                  ModelMemory.of(checkpoint, precision).loading() >> 20,
                  device,
                  precision,
                  evidence.get()),
          failure);
    }
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof EngineException known
        ? known
        : new EngineException(
            "libtorch cannot load the model of %s (%s, %s): %s"
                .formatted(checkpoint.location(), device, precision, failure.getMessage()),
            failure);
  }

  static InstructorModel of(Checkpoint checkpoint, T5Encoder encoder) {
    try {
      T5Tokenizer tokenizer = new T5Tokenizer(checkpoint.tokenizerJson(), checkpoint.location());
      return new InstructorModel(
          checkpoint, tokenizer, encoder, BatchBudget.of(checkpoint.config(), encoder.onGpu()));
    } catch (RuntimeException | Error e) {
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

  /** NVIDIA GPUs that libtorch can use in this JVM, counted from {@code cuda:0}. */
  public static int gpuCount() {
    return LibTorch.gpuCount();
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

  /**
   * An embedder for the calling thread, for whoever owns the model: once it is closed, the embedder
   * throws an {@link IllegalStateException}.
   */
  public TextEmbedder embedder(ModelSpec spec, EmbedOptions options) {
    return new TextEmbedder(
        spec,
        options,
        watch -> {
          beginUse();
          return this;
        });
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
   * @throws EngineException if libtorch fails, or memory does not suffice
   * @throws IllegalStateException if the model is closed
   * @throws java.util.concurrent.CancellationException if the thread is interrupted while it waits
   *     for a GPU
   */
  public float[][] encode(TokenBatch batch) {
    beginUse();
    try {
      return pass(batch);
    } finally {
      uses.end();
    }
  }

  /**
   * One forward pass of somebody whose use has begun.
   *
   * @throws NativeMemoryException if memory did not suffice
   * @throws PassFailedException if it failed by what the batch holds
   * @throws EngineException if no pass will do well any more
   */
  float[][] pass(TokenBatch batch) {
    requireKnown(batch);
    try {
      float[][] vectors = encoder.encode(batch);
      Tally.pass(batch);
      return vectors;
    } catch (ai.djl.engine.EngineException | OutOfMemoryError e) {
      throw failedPass(batch, e);
    }
  }

  private EngineException failedPass(TokenBatch batch, Throwable failure) {
    Optional<String> evidence = NativeMemoryException.evidence(failure);
    if (evidence.isPresent()) {
      return new NativeMemoryException(
          "a forward pass over %d texts of up to %d tokens ran out of memory: %s"
              .formatted(batch.size(), batch.tokens(), evidence.get()),
          failure);
    }
    if (failure instanceof Error error) {
      throw error;
    }
    String message =
        "the forward pass over %d texts of up to %d tokens failed: %s"
            .formatted(batch.size(), batch.tokens(), failure.getMessage());
    return message.contains(BROKEN_GPU)
        ? new EngineException(
            message + ". The process cannot use the GPU any more: it must be started anew.",
            failure)
        : new PassFailedException(message, failure);
  }

  private void requireKnown(TokenBatch batch) {
    int vocabulary = checkpoint.config().vocabSize();
    for (int[] ids : batch.ids()) {
      for (int id : ids) {
        if (id < 0 || id >= vocabulary) {
          throw new PassFailedException(
              ("token %d is outside the vocabulary of %d that the weights of %s have: its tokenizer.json belongs to another"
                      + " checkpoint. Download the whole repository again.")
                  .formatted(id, vocabulary, checkpoint.location()));
        }
      }
    }
  }

  /** A tokenizer of rows, for one thread. */
  RowTokenizer rowTokenizer(ModelSpec spec, LongText longText) {
    return new RowTokenizer(tokenizer, spec, checkpoint.doLowerCase(), longText);
  }

  /** The padded tokens that passes of one embedder may have. */
  PassBudget passBudget(EmbedOptions options, int maxLength) {
    int asked = options.limits().maxTokens();
    BatchBudget wanted = asked == BatchLimits.AUTOMATIC ? budget : new BatchBudget(asked);
    OptionalLong share =
        encoder.onGpu() ? OptionalLong.empty() : FreeMemory.shareOfThread(options.threads());
    if (share.isEmpty()) {
      return new PassBudget(wanted.maxTokens());
    }
    long bytesOfToken =
        new PassMemory(checkpoint.config(), encoder.precision()).bytesOfToken(maxLength);
    BatchBudget bounded = wanted.within(bytesOfToken, share.getAsLong());
    if (asked > bounded.maxTokens() && SAID_BOUNDED.compareAndSet(false, true)) {
      LOG.warn(
          "maxTokensPerBatch {} is lowered to {}: a pass over {} tokens of long texts would take {} MB, and there are {} MB for"
              + " each computing thread. Give the executor more memory outside its heap (spark.executor.memoryOverhead).",
          asked,
          bounded.maxTokens(),
          asked,
          bytesOfToken * asked >> 20,
          share.getAsLong() >> 20);
    }
    return new PassBudget(bounded.maxTokens());
  }

  /** Begins a use, for which {@link #endUse} is called; false if the model is closed. */
  boolean tryUse() {
    return uses.begin();
  }

  private void beginUse() {
    if (!uses.begin()) {
      throw new IllegalStateException("the model of %s is closed".formatted(checkpoint.location()));
    }
  }

  void endUse() {
    uses.end();
  }

  /** Keeps it from being released for idleness; false if it is closed. */
  boolean keep() {
    return uses.keep();
  }

  /** As {@link UseCount#closeIfIdle}. */
  OptionalLong closeIfIdle(long nanos) {
    return uses.closeIfIdle(nanos);
  }

  /** Bytes of the weights in native memory. */
  long weightBytes() {
    return ModelMemory.of(checkpoint, encoder.precision()).weights();
  }

  /** Whether {@link #close} was called, or it was released. */
  boolean isClosed() {
    return uses.isClosed();
  }

  /**
   * Frees the native memory; a second call does nothing. What is under way in other threads ends
   * first, and the last of them frees: this call does not wait.
   */
  @Override
  public void close() {
    uses.close();
  }

  private void free() {
    try {
      encoder.close();
    } finally {
      tokenizer.close();
    }
  }
}
