package io.instructorspark.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.instructorspark.checkpoint.T5Config;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The weights of an encoder that learns, in the order of the training program's list. The arrays
 * belong to their manager.
 */
final class Parameters {
  private static final int LAYER = 6;
  private static final int FIRST_LAYER = 4;

  /** How AdamW treats a weight. */
  enum Kind {
    EMBEDDING,
    MATRIX,
    OTHER
  }

  private final List<List<String>> names;
  private final PtNDArray[] arrays;
  private final int layers;

  private Parameters(List<List<String>> names, PtNDArray[] arrays, int layers) {
    this.names = names;
    this.arrays = arrays;
    this.layers = layers;
  }

  /** What a loader read without packing, in single precision. */
  static Parameters of(WeightLoader.Loaded loaded, T5Config config) {
    PtNDArray[] list = loaded.list();
    List<PtNDArray> arrays = new ArrayList<>(Arrays.asList(list).subList(0, 3));
    List<List<String>> names = new ArrayList<>();
    names.add(List.of("shared.weight"));
    names.add(List.of("encoder.final_layer_norm.weight"));
    names.add(List.of("2_Dense.linear.weight"));
    arrays.add(loaded.positionTable());
    names.add(List.of("encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight"));
    for (int i = 0; i < config.numLayers(); i++) {
      String attention = "encoder.block.%d.layer.0.".formatted(i);
      String feedForward = "encoder.block.%d.layer.1.".formatted(i);
      names.add(List.of(attention + "layer_norm.weight"));
      names.add(
          List.of(
              attention + "SelfAttention.q.weight",
              attention + "SelfAttention.k.weight",
              attention + "SelfAttention.v.weight"));
      names.add(List.of(attention + "SelfAttention.o.weight"));
      names.add(List.of(feedForward + "layer_norm.weight"));
      names.add(List.of(feedForward + "DenseReluDense.wi.weight"));
      names.add(List.of(feedForward + "DenseReluDense.wo.weight"));
    }
    arrays.addAll(Arrays.asList(list).subList(4, list.length));
    if (list[3].size() > 0) {
      arrays.add(list[3]);
      names.add(List.of("2_Dense.linear.bias"));
    }
    return new Parameters(names, arrays.toArray(PtNDArray[]::new), config.numLayers());
  }

  /** Zeros of the same shapes. */
  Parameters zeros(PtNDManager manager) {
    return new Parameters(
        names,
        Arrays.stream(arrays)
            .map(array -> (PtNDArray) manager.zeros(array.getShape(), DataType.FLOAT32))
            .toArray(PtNDArray[]::new),
        layers);
  }

  /** All, in the program's order, as a list argument of that name. */
  NDList list(String argument) {
    return named(argument, Arrays.asList(arrays));
  }

  /** Those of a kind, as a list argument of that name. */
  NDList list(String argument, Kind kind) {
    List<PtNDArray> some = new ArrayList<>();
    for (int i = 0; i < arrays.length; i++) {
      if (kind(i) == kind) {
        some.add(arrays[i]);
      }
    }
    return named(argument, some);
  }

  /** Arrays as one list argument of a training program. */
  static NDList named(String argument, List<? extends NDArray> arrays) {
    NDList list = new NDList(arrays.size());
    for (NDArray array : arrays) {
      array.setName(argument + "[]");
      list.add(array);
    }
    return list;
  }

  /** Frees them. */
  void free() {
    for (PtNDArray array : arrays) {
      array.close();
    }
  }

  private Kind kind(int i) {
    if (i == 0) {
      return Kind.EMBEDDING;
    }
    boolean inLayers = i >= FIRST_LAYER && i < FIRST_LAYER + LAYER * layers;
    boolean norm = inLayers && (i - FIRST_LAYER) % LAYER % 3 == 0;
    return i == 2 || inLayers && !norm ? Kind.MATRIX : Kind.OTHER;
  }

  /** Names of the checkpoint's tensors, in the program's order. */
  List<String> names() {
    return names.stream().flatMap(List::stream).toList();
  }

  /** Copies the numbers of a checkpoint's tensor to the heap. */
  float[] numbers(String name) {
    for (int i = 0; i < arrays.length; i++) {
      int part = names.get(i).indexOf(name);
      if (part >= 0) {
        float[] all = arrays[i].toFloatArray();
        int length = all.length / names.get(i).size();
        return names.get(i).size() == 1
            ? all
            : Arrays.copyOfRange(all, part * length, (part + 1) * length);
      }
    }
    throw new IllegalArgumentException("the encoder has no tensor %s".formatted(name));
  }
}
