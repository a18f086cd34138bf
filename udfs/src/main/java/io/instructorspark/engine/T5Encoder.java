package io.instructorspark.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import io.instructorspark.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Weights in native memory and the program that runs over them. Thread-safe: passes of several
 * threads share the weights and have a scope of native memory each. {@link #close} frees
 * everything; no pass may be under way then.
 */
final class T5Encoder implements AutoCloseable {
  private final PtNDManager manager;
  private final TorchProgram program;
  private final Packing packing;
  private final IValue weights;
  private final IValue epsilon;
  private final IValue activation;
  private final IValue noSeed;
  private final PositionBias positionBias;
  private final int dimension;
  private final Precision precision;

  private T5Encoder(
      PtNDManager manager,
      TorchProgram program,
      Packing packing,
      Checkpoint checkpoint,
      Precision precision)
      throws IOException {
    this.manager = manager;
    this.program = program;
    this.packing = packing;
    this.precision = precision;
    WeightLoader loader = new WeightLoader(manager, program, precision, packing);
    WeightLoader.Loaded loaded = loader.load(checkpoint);
    this.positionBias =
        new PositionBias(manager, program, loaded.positionTable(), checkpoint.config(), precision);
    // last, behind all that may fail: an argument keeps its arrays alive beyond their manager
    this.weights = IValue.listFrom(loaded.list());
    this.epsilon = IValue.from(checkpoint.config().layerNormEpsilon());
    this.activation = IValue.from(checkpoint.dense().activation().name());
    this.noSeed = IValue.from(0L);
    this.dimension = checkpoint.dense().outFeatures();
  }

  /**
   * Loads with oneDNN's packing where this libtorch and processor have it, else without.
   *
   * @throws EngineException if the device is not there, memory does not suffice, or the JVM ends
   */
  static T5Encoder load(Checkpoint checkpoint, Device device, Precision precision) {
    return NativeWork.ofThisJvm()
        .during(
            () -> {
              ai.djl.Device where = LibTorch.resolve(device);
              Packing packing = where.isGpu() ? Packing.NONE : Packing.best(precision);
              return load(checkpoint, where, precision, packing);
            });
  }

  /** Loads with the given packing or fails. */
  static T5Encoder load(
      Checkpoint checkpoint, ai.djl.Device device, Precision precision, Packing packing) {
    PtNDManager manager = (PtNDManager) LibTorch.engine().newBaseManager(device);
    boolean loaded = false;
    try {
      TorchProgram program = TorchProgram.encoder(manager, packing);
      T5Encoder encoder = new T5Encoder(manager, program, packing, checkpoint, precision);
      loaded = true;
      return encoder;
    } catch (IOException e) {
      throw new EngineException(
          "reading the weights of %s failed: %s".formatted(checkpoint.location(), e.getMessage()),
          e);
    } finally {
      if (!loaded) {
        manager.close();
      }
    }
  }

  /** The kind of the layers' matrices. */
  Packing packing() {
    return packing;
  }

  /** The numbers of the layers' matrices. */
  Precision precision() {
    return precision;
  }

  /** Whether the weights are on a GPU. */
  boolean onGpu() {
    return manager.getDevice().isGpu();
  }

  /**
   * One forward pass; on a GPU when its turn has come.
   *
   * @return unit vectors, (batch, dimension), in the batch's order, on the heap
   * @throws java.util.concurrent.CancellationException if the thread is interrupted while it waits
   *     for its turn
   * @throws EngineException if the JVM ends
   */
  float[][] encode(TokenBatch batch) {
    return onGpu()
        ? Turns.on(Device.gpu(manager.getDevice().getDeviceId())).during(() -> pass(batch))
        : pass(batch);
  }

  private float[][] pass(TokenBatch batch) {
    return NativeWork.ofThisJvm().during(() -> forward(batch));
  }

  private float[][] forward(TokenBatch batch) {
    int texts = batch.size();
    int tokens = batch.tokens();
    long start = System.nanoTime();
    try (NDManager scope = manager.newSubManager();
        IValue ids = IValue.from(ids(scope, batch, tokens)); // (batch, tokens)
        IValue textStarts = IValue.from(longs(scope, batch.textStarts())); // (batch)
        IValue lengths = IValue.from(longs(scope, paddedLengths(batch, tokens))); // (batch) or (0)
        IValue bias = positionBias.covering(tokens)) {
      NDArray vectors =
          program.forward(
              scope,
              ids,
              lengths,
              textStarts,
              bias,
              weights,
              epsilon,
              activation,
              noSeed); // (batch, dimension)
      float[] flat = vectors.toFloatArray();
      float[][] rows = new float[texts][];
      for (int i = 0; i < texts; i++) {
        rows[i] = Arrays.copyOfRange(flat, i * dimension, (i + 1) * dimension);
      }
      return rows;
    } finally {
      Tally.inModel(System.nanoTime() - start);
    }
  }

  static PtNDArray ids(NDManager scope, TokenBatch batch, int tokens) {
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(Math.multiplyExact(batch.size() * Long.BYTES, tokens))
            .order(ByteOrder.nativeOrder());
    int row = 0;
    for (int[] text : batch.ids()) {
      buffer.position(row++ * tokens * Long.BYTES);
      for (int id : text) {
        buffer.putLong(id); // padding stays 0, T5's <pad>
      }
    }
    buffer.rewind();
    return (PtNDArray) scope.create(buffer, new Shape(batch.size(), tokens), DataType.INT64);
  }

  static PtNDArray longs(NDManager scope, int[] values) {
    return (PtNDArray)
        scope.create(Arrays.stream(values).asLongStream().toArray(), new Shape(values.length));
  }

  /**
   * The texts' lengths where some text is shorter than the batch; empty where all are alike: no
   * mask is needed then.
   */
  static int[] paddedLengths(TokenBatch batch, int tokens) {
    int[] lengths = batch.ids().stream().mapToInt(text -> text.length).toArray();
    return Arrays.stream(lengths).allMatch(length -> length == tokens) ? new int[0] : lengths;
  }

  @Override
  public void close() {
    weights.close();
    epsilon.close();
    activation.close();
    noSeed.close();
    manager.close();
  }
}
