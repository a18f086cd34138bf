package io.instructorspark.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.DenseActivation;
import io.instructorspark.checkpoint.Weights;
import io.instructorspark.text.Compatibility;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * An encoder that learns: weights in native memory, of single precision, with gradients and AdamW's
 * two moments beside them. Its forward pass is the program that {@link InstructorModel} runs, with
 * T5's dropout (Raffel et al. 2020, section 2.1).
 *
 * <p>Gradients add up over calls until {@link #update} uses and clears them. For one thread at a
 * time; it has threads of its own, which share out the passes of a batch. Native memory: the
 * weights, their moments (twice the weights) and gradients (once for each thread), and the
 * activations of the texts whose gradients are under way.
 */
public final class TrainableEncoder implements AutoCloseable {
  private final Checkpoint checkpoint;
  private final TrainingMode mode;
  private final T5Tokenizer tokenizer;
  private final PtNDManager manager;
  private final TorchProgram dropping;
  private final TorchProgram plain;
  private Parameters weights;
  private final TrainingWorkers workers;

  /** Each worker's; the first one's are the sum. */
  private final List<Parameters> gradients;

  private Parameters moments1;
  private Parameters moments2;

  private TrainableEncoder(
      Checkpoint checkpoint, TrainingMode mode, PtNDManager manager, T5Tokenizer tokenizer)
      throws IOException {
    this.checkpoint = checkpoint;
    this.mode = mode;
    this.manager = manager;
    this.tokenizer = tokenizer;
    this.dropping = TorchProgram.training(manager, mode.dropout());
    this.plain = mode.dropout() == 0 ? dropping : TorchProgram.training(manager, 0);
    try (Weights file = checkpoint.openWeights()) {
      this.weights = read(file);
    }
    this.gradients =
        IntStream.range(0, mode.threads()).mapToObj(i -> weights.zeros(manager)).toList();
    this.moments1 = weights.zeros(manager);
    this.moments2 = weights.zeros(manager);
    this.workers = new TrainingWorkers(mode.threads());
  }

  /**
   * Loads the weights of a checkpoint, on the processor.
   *
   * @throws EngineException if the natives do not load, the weights cannot be read, or memory does
   *     not suffice
   */
  public static TrainableEncoder load(Checkpoint checkpoint, TrainingMode mode) {
    PtNDManager manager = (PtNDManager) LibTorch.engine().newBaseManager(ai.djl.Device.cpu());
    T5Tokenizer tokenizer = null;
    boolean loaded = false;
    try {
      tokenizer = new T5Tokenizer(checkpoint.tokenizerJson(), checkpoint.location());
      TrainableEncoder encoder = new TrainableEncoder(checkpoint, mode, manager, tokenizer);
      loaded = true;
      return encoder;
    } catch (IOException | ai.djl.engine.EngineException e) {
      throw new EngineException(
          "the weights of %s cannot be made ready for training: %s"
              .formatted(checkpoint.location(), e.getMessage()),
          e);
    } finally {
      if (!loaded) {
        manager.close();
        if (tokenizer != null) {
          tokenizer.close();
        }
      }
    }
  }

  private Parameters read(Weights file) throws IOException {
    return Parameters.of(
        new WeightLoader(manager, dropping, Precision.FP32, Packing.NONE)
            .load(file, checkpoint.config(), checkpoint.dense()),
        checkpoint.config());
  }

  /** The checkpoint that the training began with; its sizes are the encoder's. */
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  /**
   * What the encoder reads of texts with their instructions, joined as {@link Compatibility#V1_0_1}
   * does and cut to a length.
   *
   * @param maxLength tokens, {@code </s>} included
   * @throws IllegalArgumentException if an instruction leaves no room for its text; names it
   */
  public TokenBatch tokens(List<String> instructions, List<String> texts, int maxLength) {
    ModelSpec spec =
        new ModelSpec(
            checkpoint.location(),
            "",
            Compatibility.V1_0_1,
            Device.CPU,
            mode.precision(),
            maxLength);
    RowTokenizer rows =
        new RowTokenizer(tokenizer, spec, checkpoint.doLowerCase(), LongText.TRUNCATE);
    List<int[]> ids = new ArrayList<>(texts.size());
    int[] starts = new int[texts.size()];
    for (int i = 0; i < texts.size(); i++) {
      RowTokenizer.Tokenized row = rows.tokenize(i, instructions.get(i), texts.get(i));
      if (row.error() != null) {
        throw new IllegalArgumentException(
            "instruction '%s': %s".formatted(instructions.get(i), row.error()));
      }
      ids.add(row.pieces().get(0).ids());
      starts[i] = row.pieces().get(0).textStart();
    }
    return new TokenBatch(ids, starts);
  }

  /**
   * Adds the gradients of a batch's loss.
   *
   * @param texts queries, positives, negatives, as {@code contrast} counts them
   * @param limits of the work at once
   * @param seed of what dropout zeroes; the same seed and passes zero the same
   * @return the loss
   * @throws PassFailedException if libtorch fails
   * @throws NativeMemoryException if memory does not suffice
   */
  public double addGradients(TokenBatch texts, Contrast contrast, PassLimits limits, long seed) {
    requireSize(texts, contrast);
    TrainingPasses passes = new TrainingPasses(texts, limits.maxTokens(), workers.count());
    try (NDManager scope = manager.newSubManager()) {
      double loss =
          limits.keepActivations()
              ? keeping(scope, passes, contrast, seed)
              : passByPass(scope, passes, contrast, seed);
      gather(scope, passes.shareCount());
      return loss;
    }
  }

  private double keeping(NDManager scope, TrainingPasses passes, Contrast contrast, long seed) {
    List<NDList> kept = // of each share: vectors with their graph, and the graph's leaves
        each(passes, share -> run(dropping, scope, "kept", inputs(scope, passes, share, seed)));
    NDList lossAndSlopes =
        byVectors(scope, kept.stream().map(one -> one.get(0)).toList(), passes, contrast);
    each(
        passes,
        share -> {
          NDList arguments =
              new NDList(unnamed(kept.get(share).get(0)), lossAndSlopes.get(share + 1));
          arguments.addAll(Parameters.named("leaves", kept.get(share).subNDList(1)));
          arguments.addAll(gradients.get(share).list("g"));
          return run(dropping, scope, "kept_back", arguments);
        });
    return lossAndSlopes.get(0).getFloat();
  }

  private double passByPass(NDManager scope, TrainingPasses passes, Contrast contrast, long seed) {
    List<NDArray> vectors =
        each(
            passes,
            share -> run(dropping, scope, "encode_all", inputs(scope, passes, share, seed)).get(0));
    NDList lossAndSlopes = byVectors(scope, vectors, passes, contrast);
    each(
        passes,
        share -> {
          int from = 0;
          for (int pass : passes.passes(share)) {
            int to = from + passes.size(pass);
            try (NDManager one = scope.newSubManager()) {
              NDArray slope = lossAndSlopes.get(share + 1).get(new NDIndex(from + ":" + to));
              slope.attach(one);
              NDList arguments = new NDList(slope);
              arguments.addAll(inputs(one, passes, List.of(pass), seed));
              arguments.addAll(gradients.get(share).list("g"));
              run(dropping, one, "pass_back", arguments);
            }
            from = to;
          }
          return null;
        });
    return lossAndSlopes.get(0).getFloat();
  }

  /** The loss, and for each share its gradient by the share's vectors. */
  private NDList byVectors(
      NDManager scope, List<NDArray> vectors, TrainingPasses passes, Contrast contrast) {
    NDList arguments = Parameters.named("v", vectors);
    arguments.addAll(contrast(scope, passes, contrast));
    return run(dropping, scope, "by_vectors", arguments);
  }

  /** Adds what other workers found to the first one's. */
  private void gather(NDManager scope, int shares) {
    for (int share = 1; share < shares; share++) {
      NDList arguments = gradients.get(share).list("q");
      arguments.addAll(gradients.get(0).list("g"));
      run(dropping, scope, "gather", arguments);
    }
  }

  /**
   * Vectors and loss without dropout; no gradients are added.
   *
   * @param vectors of unit length, in the batch's order
   */
  public record Evaluation(double loss, float[][] vectors) {}

  /**
   * The vectors of a batch and their loss, without dropout.
   *
   * @param texts queries, positives, negatives, as {@code contrast} counts them
   * @param maxTokens padded tokens of a forward pass
   */
  public Evaluation evaluate(TokenBatch texts, Contrast contrast, int maxTokens) {
    requireSize(texts, contrast);
    TrainingPasses passes = new TrainingPasses(texts, maxTokens, workers.count());
    try (NDManager scope = manager.newSubManager()) {
      List<NDArray> vectors = vectors(scope, passes);
      NDList arguments = Parameters.named("v", vectors);
      arguments.addAll(contrast(scope, passes, contrast));
      double loss = run(plain, scope, "loss", arguments).get(0).getFloat();
      return new Evaluation(loss, rows(vectors, passes));
    }
  }

  /**
   * Unit vectors without dropout, in the batch's order.
   *
   * @param maxTokens padded tokens of a forward pass
   */
  public float[][] encode(TokenBatch texts, int maxTokens) {
    TrainingPasses passes = new TrainingPasses(texts, maxTokens, workers.count());
    try (NDManager scope = manager.newSubManager()) {
      return rows(vectors(scope, passes), passes);
    }
  }

  private float[][] rows(List<NDArray> shares, TrainingPasses passes) {
    int dimension = checkpoint.dense().outFeatures();
    List<float[]> byPlace = new ArrayList<>();
    for (NDArray share : shares) {
      float[] numbers = share.toFloatArray();
      for (int from = 0; from < numbers.length; from += dimension) {
        byPlace.add(Arrays.copyOfRange(numbers, from, from + dimension));
      }
    }
    float[][] rows = new float[byPlace.size()][];
    Arrays.setAll(rows, i -> byPlace.get(passes.places()[i]));
    return rows;
  }

  /** Vectors of each share without dropout. */
  private List<NDArray> vectors(NDManager scope, TrainingPasses passes) {
    return each(
        passes, share -> run(plain, scope, "encode_all", inputs(scope, passes, share, 0)).get(0));
  }

  private <T> List<T> each(TrainingPasses passes, IntFunction<T> work) {
    return workers.each(passes.shareCount(), work);
  }

  private NDList inputs(NDManager scope, TrainingPasses passes, int share, long seed) {
    return inputs(scope, passes, passes.passes(share), seed);
  }

  /** What a forward pass is given. */
  private NDList inputs(NDManager scope, TrainingPasses passes, List<Integer> some, long seed) {
    long[] whole = {
      mode.precision().torchType(),
      checkpoint.config().relativeAttentionMaxDistance(),
      checkpoint.dense().activation() == DenseActivation.TANH ? 1 : 0
    };
    NDList arguments = passes.arguments(scope, some);
    arguments.addAll(weights.list("p"));
    arguments.add(TrainingPasses.seeds(scope, whole, seed, some));
    arguments.add(scope.create(new double[] {checkpoint.config().layerNormEpsilon()}));
    return arguments;
  }

  /** What a loss is given beside vectors. */
  private static NDList contrast(NDManager scope, TrainingPasses passes, Contrast contrast) {
    Shape shape = new Shape(contrast.pairs(), contrast.pairs() + contrast.negatives());
    return new NDList(
        T5Encoder.longs(scope, passes.places()),
        scope.create(contrast.forth(), shape),
        scope.create(contrast.back(), shape),
        scope.create(new double[] {contrast.temperature()}));
  }

  private static void requireSize(TokenBatch texts, Contrast contrast) {
    if (contrast.texts() != texts.size()) {
      throw new IllegalArgumentException(
          "the contrast is of %d texts, the batch has %d"
              .formatted(contrast.texts(), texts.size()));
    }
  }

  private static NDArray unnamed(NDArray array) {
    array.setName(null);
    return array;
  }

  /** The length of all gradients together; NaN or infinite if one of them is. */
  public double gradientNorm() {
    try (NDManager scope = manager.newSubManager()) {
      return run(dropping, scope, "norm", gradients.get(0).list("g")).get(0).getFloat();
    }
  }

  /**
   * One update of all weights; the gradients are cleared.
   *
   * @param adamW rates and the rest
   * @param step how many updates there have been, this one included
   * @param scale that gradients are multiplied with, below 1 where they are clipped
   */
  public void update(AdamW adamW, long step, double scale) {
    update(Parameters.Kind.EMBEDDING, adamW.embeddingRate(), 0, adamW, step, scale);
    update(Parameters.Kind.MATRIX, adamW.rate(), adamW.decay(), adamW, step, scale);
    update(Parameters.Kind.OTHER, adamW.rate(), 0, adamW, step, scale);
  }

  private void update(
      Parameters.Kind kind, double rate, double decay, AdamW adamW, long step, double scale) {
    try (NDManager scope = manager.newSubManager()) {
      NDList arguments = weights.list("p", kind);
      arguments.addAll(gradients.get(0).list("g", kind));
      arguments.addAll(moments1.list("m", kind));
      arguments.addAll(moments2.list("v", kind));
      arguments.add(
          scope.create(
              new double[] {
                step, scale, rate, adamW.beta1(), adamW.beta2(), decay, adamW.epsilon()
              }));
      run(dropping, scope, "adamw", arguments);
    }
  }

  /** Clears the gradients. */
  public void forget() {
    try (NDManager scope = manager.newSubManager()) {
      run(dropping, scope, "clear", gradients.get(0).list("g"));
    }
  }

  /** What there is a number of for each weight. */
  public enum Numbers {
    /** The weights themselves. */
    WEIGHTS,
    /** The gradients that have added up since the last update. */
    GRADIENTS,
    /** AdamW's mean of gradients. */
    MOMENTS_1,
    /** AdamW's mean of their squares. */
    MOMENTS_2
  }

  /** The names of all tensors, as {@link Weights#names} has them, in no particular order. */
  public List<String> names() {
    return weights.names();
  }

  /**
   * A copy of a tensor's numbers, in C order.
   *
   * @param name as in a checkpoint
   */
  public float[] numbers(Numbers which, String name) {
    return switch (which) {
      case WEIGHTS -> weights.numbers(name);
      case GRADIENTS -> gradients.get(0).numbers(name);
      case MOMENTS_1 -> moments1.numbers(name);
      case MOMENTS_2 -> moments2.numbers(name);
    };
  }

  /**
   * Takes weights and AdamW's moments from files that hold a tensor for each weight, under its
   * name.
   *
   * @throws IOException if one cannot be read
   * @throws EngineException if a tensor has another size than the checkpoint's
   */
  public void read(Weights learnt, Weights first, Weights second) throws IOException {
    Parameters readWeights = read(learnt);
    Parameters read1 = read(first);
    Parameters read2 = read(second);
    weights.free();
    moments1.free();
    moments2.free();
    weights = readWeights;
    moments1 = read1;
    moments2 = read2;
  }

  private NDList run(TorchProgram program, NDManager scope, String method, NDList arguments) {
    try {
      return program.train(scope, method, arguments);
    } catch (ai.djl.engine.EngineException e) {
      if (NativeMemoryException.evidence(e).isPresent()) {
        throw new NativeMemoryException(
            "a training step ran out of native memory; make batches or texts shorter, or keep fewer activations: "
                + e.getMessage(),
            e);
      }
      throw new PassFailedException("a training step failed: " + e.getMessage(), e);
    }
  }

  /** Frees all native memory. */
  @Override
  public void close() {
    workers.close();
    manager.close();
    tokenizer.close();
  }
}
