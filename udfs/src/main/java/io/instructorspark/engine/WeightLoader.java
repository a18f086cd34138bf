package io.instructorspark.engine;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.DenseConfig;
import io.instructorspark.checkpoint.ElementType;
import io.instructorspark.checkpoint.T5Config;
import io.instructorspark.checkpoint.TensorInfo;
import io.instructorspark.checkpoint.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Streams a checkpoint's tensors into native memory, in the order that the program's weight list
 * has. One chunk buffer and one unpacked matrix are all that exists beside the weights themselves;
 * no file stays mapped or open.
 */
final class WeightLoader {
  /** Large enough to keep a disk busy, small enough not to show in the peak. */
  private static final int CHUNK_BYTES = 4 << 20;

  /** Bytes of the buffers that stand between a file and native memory. */
  static final long BUFFER_BYTES = 3L * CHUNK_BYTES;

  private static final int FLOAT = 6;

  private final PtNDManager manager;
  private final TorchProgram program;
  private final Precision precision;
  private final Packing packing;
  private final ByteBuffer chunk =
      ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final ByteBuffer wide =
      ByteBuffer.allocateDirect(2 * CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  /** A matrix before it is packed: one for all, so that native memory is not left full of holes. */
  private PtNDArray scratch;

  WeightLoader(PtNDManager manager, TorchProgram program, Precision precision, Packing packing) {
    this.manager = manager;
    this.program = program;
    this.precision = precision;
    this.packing = packing;
  }

  /**
   * What one reading of a checkpoint gives, owned by the loader's manager.
   *
   * @param list the program's weights: embedding, final norm, dense, dense bias, then six a layer
   * @param positionTable relative position biases, (buckets, heads), fp32
   */
  record Loaded(PtNDArray[] list, PtNDArray positionTable) {}

  /** Reads all weights; the checkpoint's files are opened once. */
  Loaded load(Checkpoint checkpoint) throws IOException {
    try (Weights file = checkpoint.openWeights()) {
      return load(file, checkpoint.config(), checkpoint.dense());
    }
  }

  /** Reads all tensors of a model of these sizes. */
  Loaded load(Weights file, T5Config config, DenseConfig dense) throws IOException {
    long inner = config.innerSize();
    long model = config.dModel();
    try (NDManager scope = manager.newSubManager()) {
      long unpacked = packing == Packing.NONE ? 0 : scratchSize(config); // else as they are read
      scratch = empty((PtNDManager) scope, new Shape(unpacked), precision.torchType());
      List<PtNDArray> list = new ArrayList<>();
      list.add(floats(file, new Shape(config.vocabSize(), model), "shared.weight"));
      list.add(floats(file, new Shape(model), "encoder.final_layer_norm.weight"));
      list.add(floats(file, new Shape(dense.outFeatures(), model), "2_Dense.linear.weight"));
      list.add(
          dense.bias()
              ? floats(file, new Shape(dense.outFeatures()), "2_Dense.linear.bias")
              : (PtNDArray) manager.create(new float[0], new Shape(0)));
      for (int i = 0; i < config.numLayers(); i++) {
        String attention = "encoder.block.%d.layer.0.".formatted(i);
        String feedForward = "encoder.block.%d.layer.1.".formatted(i);
        list.add(floats(file, new Shape(model), attention + "layer_norm.weight"));
        list.add(
            matrix(
                file,
                new Shape(3 * inner, model),
                attention + "SelfAttention.q.weight",
                attention + "SelfAttention.k.weight",
                attention + "SelfAttention.v.weight"));
        list.add(matrix(file, new Shape(model, inner), attention + "SelfAttention.o.weight"));
        list.add(floats(file, new Shape(model), feedForward + "layer_norm.weight"));
        list.add(
            matrix(file, new Shape(config.dFf(), model), feedForward + "DenseReluDense.wi.weight"));
        list.add(
            matrix(file, new Shape(model, config.dFf()), feedForward + "DenseReluDense.wo.weight"));
      }
      return new Loaded(list.toArray(PtNDArray[]::new), positionTable(file, config));
    }
  }

  /** Numbers of the largest matrix of a layer. */
  static long scratchSize(T5Config config) {
    return Math.max(3L * config.innerSize(), config.dFf()) * config.dModel();
  }

  /** The table of relative position biases, (buckets, heads), fp32. */
  private PtNDArray positionTable(Weights file, T5Config config) throws IOException {
    return floats(
        file,
        new Shape(config.relativeAttentionNumBuckets(), config.numHeads()),
        "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight");
  }

  private PtNDArray floats(Weights file, Shape shape, String... names) throws IOException {
    return fill(file, shape, FLOAT, names);
  }

  /** A layer's matrix in the model's precision, packed from the scratch where packing is on. */
  private PtNDArray matrix(Weights file, Shape shape, String... names) throws IOException {
    if (packing == Packing.NONE) {
      return fill(file, shape, precision.torchType(), names);
    }
    read(file, scratch, shape, names);
    try (IValue from = IValue.from(scratch);
        IValue sizes = IValue.listFrom(shape.getShape())) {
      return program.call(manager, "pack", from, sizes);
    }
  }

  /**
   * A native array that holds the named tensors one after the other, widened or rounded to {@code
   * torchType}.
   */
  private PtNDArray fill(Weights file, Shape shape, int torchType, String... names)
      throws IOException {
    PtNDArray target = empty(manager, shape, torchType);
    read(file, target, shape, names);
    return target;
  }

  /** Reads the named tensors one after the other into the beginning of {@code target}. */
  private void read(Weights file, PtNDArray target, Shape shape, String... names)
      throws IOException {
    long start = 0; // in numbers
    for (String name : names) {
      TensorInfo tensor = file.tensor(name);
      for (long offset = 0; offset < tensor.byteCount(); offset += chunk.limit()) {
        chunk.clear().limit((int) Math.min(CHUNK_BYTES, tensor.byteCount() - offset));
        file.read(tensor, offset, chunk);
        chunk.rewind();
        copy(target, start, tensor.type());
        start += chunk.limit() / tensor.type().bytes();
      }
    }
    if (start != shape.size()) {
      throw new EngineException(
          "%s holds %d numbers where the model's shape %s needs %d"
              .formatted(String.join(" + ", names), start, shape, shape.size()));
    }
  }

  private PtNDArray empty(PtNDManager owner, Shape shape, int torchType) {
    if (torchType == FLOAT) { // made outside of a program, as gradients ask for
      return owner.create(shape, DataType.FLOAT32);
    }
    try (NDManager scope = manager.newSubManager();
        IValue like = IValue.from((PtNDArray) scope.create(new float[0], new Shape(0)));
        IValue sizes = IValue.listFrom(shape.getShape());
        IValue type = IValue.from((long) torchType)) {
      return program.call(owner, "empty", like, sizes, type);
    }
  }

  private void copy(PtNDArray target, long start, ElementType type) {
    try (NDManager scope =
            manager.newSubManager(ai.djl.Device.cpu()); // the chunk is host memory on every device
        IValue to = IValue.from(target);
        IValue at = IValue.from(start);
        IValue numbers = IValue.from(chunkArray(scope, type))) {
      program.run("fill", to, at, numbers);
    }
  }

  /** The chunk as an array that shares its memory. */
  private PtNDArray chunkArray(NDManager scope, ElementType type) {
    Shape shape = new Shape(chunk.limit() / type.bytes());
    return (PtNDArray)
        switch (type) {
          case F32 -> scope.create(chunk, shape, DataType.FLOAT32);
          case F16 -> scope.create(chunk, shape, DataType.FLOAT16);
          case BF16 -> scope.create(widened(), shape, DataType.FLOAT32);
        };
  }

  /** DJL makes no bfloat16 arrays; such a number is the upper half of a float. */
  private ByteBuffer widened() {
    ByteBuffer floats = wide.clear().limit(2 * chunk.limit());
    ShortBuffer from = chunk.asShortBuffer();
    IntBuffer to = floats.asIntBuffer();
    for (int i = 0; i < from.limit(); i++) {
      to.put(i, from.get(i) << 16);
    }
    return floats;
  }
}
