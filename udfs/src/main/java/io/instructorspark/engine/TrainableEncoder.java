package io.instructorspark.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.DenseActivation;
import io.instructorspark.checkpoint.Weights;
import io.instructorspark.text.Compatibility;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An encoder that learns: weights in native memory, of single precision, with gradients and AdamW's
 * two moments beside them. Its forward pass is the program that {@link InstructorModel} runs, with
 * T5's dropout (Raffel et al. 2020, section 2.1).
 *
 * <p>Gradients add up over calls until {@link #update} uses and clears them. For one thread at a
 * time. Native memory: four times the weights, and the activations of the texts whose gradients are
 * under way.
 */
public final class TrainableEncoder implements AutoCloseable {
  /** Where the seeds begin among the program's whole numbers. */
  private static final int FIRST_SEED = 4;

  /** For passes whose vectors are not compared. */
  private static final Contrast NO_CONTRAST =
      new Contrast(1, 0, new boolean[] {true}, new boolean[] {true}, 1);

  private final Checkpoint checkpoint;
  private final TrainingMode mode;
  private final T5Tokenizer tokenizer;
  private final PtNDManager manager;
  private final TorchProgram dropping;
  private final TorchProgram plain;
  private final Parameters weights;
  private final Parameters gradients;
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
    this.gradients = weights.zeros(manager);
    this.moments1 = weights.zeros(manager);
    this.moments2 = weights.zeros(manager);
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
   * Adds the gradients of a batch's loss, with all its activations in memory at once.
   *
   * @param texts queries, positives, negatives, as {@code contrast} counts them
   * @param maxTokens padded tokens of a forward pass
   * @param seed of what dropout zeroes; the same seed and passes zero the same
   * @return the loss
   * @throws PassFailedException if libtorch fails
   * @throws NativeMemoryException if memory does not suffice
   */
  public double addGradients(TokenBatch texts, Contrast contrast, int maxTokens, long seed) {
    try (NDManager scope = manager.newSubManager()) {
      Passage passes = new Passage(scope, texts, maxTokens, seed, contrast);
      NDList arguments = passes.texts();
      arguments.addAll(weights.list("p"));
      arguments.addAll(gradients.list("g"));
      arguments.addAll(passes.contrast());
      arguments.addAll(passes.numbers());
      return run(dropping, scope, "step", arguments).get(0).getFloat();
    }
  }

  /**
   * Adds the gradients of a batch's loss, with the activations of one forward pass in memory at a
   * time: all texts are encoded once for the loss, and once more, pass by pass, for the gradients
   * (Gao et al. 2021, arXiv 2101.06983). The same gradients as {@link #addGradients}, for a third
   * more work.
   *
   * @param texts queries, positives, negatives, as {@code contrast} counts them
   * @param maxTokens padded tokens of a forward pass
   * @param seed of what dropout zeroes, the same in both encodings
   * @return the loss
   */
  public double addGradientsPassByPass(
      TokenBatch texts, Contrast contrast, int maxTokens, long seed) {
    try (NDManager scope = manager.newSubManager()) {
      Passage passes = new Passage(scope, texts, maxTokens, seed, contrast);
      NDList arguments = new NDList(vectors(dropping, scope, passes));
      arguments.addAll(passes.contrast());
      arguments.addAll(passes.numbers());
      NDList lossAndSlope = run(dropping, scope, "by_vectors", arguments);
      NDArray slope = lossAndSlope.get(1); // (texts, dimension), in the order of the passes
      int from = 0;
      for (int pass = 0; pass < passes.count(); pass++) {
        try (NDManager one = scope.newSubManager()) {
          NDArray part = slope.get(new NDIndex(from + ":" + (from + passes.size(pass))));
          part.attach(one);
          NDList back = passes.texts(pass);
          back.add(part);
          back.addAll(weights.list("p"));
          back.addAll(gradients.list("g"));
          back.addAll(passes.numbers(one, pass));
          run(dropping, one, "pass_back", back);
        }
        from += passes.size(pass);
      }
      return lossAndSlope.get(0).getFloat();
    }
  }

  /**
   * The loss of a batch without dropout; no gradients are added.
   *
   * @param texts queries, positives, negatives, as {@code contrast} counts them
   * @param maxTokens padded tokens of a forward pass
   */
  public double loss(TokenBatch texts, Contrast contrast, int maxTokens) {
    try (NDManager scope = manager.newSubManager()) {
      Passage passes = new Passage(scope, texts, maxTokens, 0, contrast);
      NDList arguments = new NDList(vectors(plain, scope, passes));
      arguments.addAll(passes.contrast());
      arguments.addAll(passes.numbers());
      return run(plain, scope, "loss", arguments).get(0).getFloat();
    }
  }

  /**
   * Unit vectors without dropout, in the batch's order.
   *
   * @param maxTokens padded tokens of a forward pass
   */
  public float[][] encode(TokenBatch texts, int maxTokens) {
    int dimension = checkpoint.dense().outFeatures();
    try (NDManager scope = manager.newSubManager()) {
      Passage passes = new Passage(scope, texts, maxTokens, 0, NO_CONTRAST);
      float[] flat = vectors(plain, scope, passes).toFloatArray();
      float[][] rows = new float[texts.size()][];
      for (int i = 0; i < rows.length; i++) {
        int place = passes.places[i];
        rows[i] = Arrays.copyOfRange(flat, place * dimension, (place + 1) * dimension);
      }
      return rows;
    }
  }

  private NDArray vectors(TorchProgram program, NDManager scope, Passage passes) {
    NDList arguments = passes.texts();
    arguments.addAll(weights.list("p"));
    arguments.addAll(passes.numbers());
    return run(program, scope, "encode_all", arguments).get(0);
  }

  /** The length of all gradients together; NaN or infinite if one of them is. */
  public double gradientNorm() {
    try (NDManager scope = manager.newSubManager()) {
      return run(dropping, scope, "norm", gradients.list("g")).get(0).getFloat();
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
      arguments.addAll(gradients.list("g", kind));
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
      case GRADIENTS -> gradients.numbers(name);
      case MOMENTS_1 -> moments1.numbers(name);
      case MOMENTS_2 -> moments2.numbers(name);
    };
  }

  /**
   * Takes AdamW's moments from files that hold a tensor for each weight, under its name.
   *
   * @throws IOException if one cannot be read
   */
  public void readMoments(Weights first, Weights second) throws IOException {
    Parameters read1 = read(first);
    Parameters read2 = read(second);
    moments1.free();
    moments2.free();
    moments1 = read1;
    moments2 = read2;
  }

  private NDList run(TorchProgram program, NDManager scope, String method, NDList arguments) {
    LibTorch.useThreads(mode.threads());
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

  /** A batch cut into forward passes, as arguments of the program; they belong to the scope. */
  private final class Passage {
    final int[] places; // of each text among the passes' texts
    private final NDManager scope;
    private final List<int[]> cut;
    private final List<PtNDArray> ids = new ArrayList<>();
    private final List<PtNDArray> lengths = new ArrayList<>();
    private final List<PtNDArray> starts = new ArrayList<>();
    private final Contrast contrast;
    private final long seed;

    Passage(NDManager scope, TokenBatch texts, int maxTokens, long seed, Contrast contrast) {
      this.scope = scope;
      this.seed = seed;
      this.contrast = contrast;
      cut =
          BatchPlanner.plan(texts.ids().stream().mapToInt(row -> row.length).toArray(), maxTokens);
      places = new int[texts.size()];
      int place = 0;
      for (int[] some : cut) {
        TokenBatch batch =
            new TokenBatch(
                Arrays.stream(some).mapToObj(texts.ids()::get).toList(),
                Arrays.stream(some).map(text -> texts.textStarts()[text]).toArray());
        for (int text : some) {
          places[text] = place++;
        }
        ids.add(T5Encoder.ids(scope, batch, batch.tokens()));
        lengths.add(T5Encoder.longs(scope, T5Encoder.paddedLengths(batch, batch.tokens())));
        starts.add(T5Encoder.longs(scope, batch.textStarts()));
      }
    }

    int count() {
      return cut.size();
    }

    int size(int pass) {
      return cut.get(pass).length;
    }

    NDList texts() {
      NDList all = Parameters.named("ids", ids);
      all.addAll(Parameters.named("lengths", lengths));
      all.addAll(Parameters.named("starts", starts));
      return all;
    }

    NDList texts(int pass) {
      NDList one = new NDList(ids.get(pass), lengths.get(pass), starts.get(pass));
      one.forEach(array -> array.setName(null));
      return one;
    }

    NDList contrast() {
      if (contrast.texts() != places.length) {
        throw new IllegalArgumentException(
            "the contrast is of %d texts, the batch has %d"
                .formatted(contrast.texts(), places.length));
      }
      Shape shape = new Shape(contrast.pairs(), contrast.pairs() + contrast.negatives());
      return new NDList(
          T5Encoder.longs(scope, places),
          scope.create(contrast.forth(), shape),
          scope.create(contrast.back(), shape));
    }

    NDList numbers() {
      return numbers(scope, IntStream.range(0, count()).toArray());
    }

    NDList numbers(NDManager owner, int... passes) {
      long[] ints = new long[FIRST_SEED + passes.length];
      ints[0] = mode.precision().torchType();
      ints[1] = checkpoint.config().relativeAttentionMaxDistance();
      ints[2] = checkpoint.dense().activation() == DenseActivation.TANH ? 1 : 0;
      ints[3] = contrast.pairs();
      for (int i = 0; i < passes.length; i++) {
        ints[FIRST_SEED + i] = Mixing.of(seed, passes[i]);
      }
      return new NDList(
          owner.create(ints),
          owner.create(
              new double[] {checkpoint.config().layerNormEpsilon(), contrast.temperature()}));
    }
  }

  /** Frees all native memory. */
  @Override
  public void close() {
    manager.close();
    tokenizer.close();
  }
}
