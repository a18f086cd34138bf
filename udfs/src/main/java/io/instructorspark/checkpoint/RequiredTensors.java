package io.instructorspark.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tensors that a model of given sizes consists of, with their shapes, in the order of use. */
final class RequiredTensors {
  static final String EMBEDDING = "shared.weight";
  static final String DENSE_WEIGHT = "linear.weight";
  static final String DENSE_BIAS = "linear.bias";

  /** T5 ties them; a file may hold either name or both. */
  private static final String TIED_EMBEDDING = "encoder.embed_tokens.weight";

  private static final Pattern LAYER = Pattern.compile("encoder\\.block\\.([0-9]+)\\.");

  private RequiredTensors() {}

  /** The encoder's shapes by name; the embedding counts once, under {@link #EMBEDDING}. */
  static Map<String, List<Long>> encoder(T5Config config) {
    long model = config.dModel();
    long inner = config.innerSize();
    long feedForward = config.dFf();
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    shapes.put(EMBEDDING, List.of((long) config.vocabSize(), model));
    for (int i = 0; i < config.numLayers(); i++) {
      String attention = "encoder.block.%d.layer.0.".formatted(i);
      String dense = "encoder.block.%d.layer.1.".formatted(i);
      shapes.put(attention + "SelfAttention.q.weight", List.of(inner, model));
      shapes.put(attention + "SelfAttention.k.weight", List.of(inner, model));
      shapes.put(attention + "SelfAttention.v.weight", List.of(inner, model));
      shapes.put(attention + "SelfAttention.o.weight", List.of(model, inner));
      if (i == 0) {
        shapes.put(
            attention + "SelfAttention.relative_attention_bias.weight",
            List.of((long) config.relativeAttentionNumBuckets(), (long) config.numHeads()));
      }
      shapes.put(attention + "layer_norm.weight", List.of(model));
      shapes.put(dense + "DenseReluDense.wi.weight", List.of(feedForward, model));
      shapes.put(dense + "DenseReluDense.wo.weight", List.of(model, feedForward));
      shapes.put(dense + "layer_norm.weight", List.of(model));
    }
    shapes.put("encoder.final_layer_norm.weight", List.of(model));
    return shapes;
  }

  /** The projection's shapes by name. */
  static Map<String, List<Long>> dense(DenseConfig config) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    shapes.put(DENSE_WEIGHT, List.of((long) config.outFeatures(), (long) config.inFeatures()));
    if (config.bias()) {
      shapes.put(DENSE_BIAS, List.of((long) config.outFeatures()));
    }
    return shapes;
  }

  /**
   * Picks the required tensors out of the stored ones.
   *
   * @throws CheckpointException for the first that is missing, has another shape than the config
   *     says, or is stored as a type that is not read
   */
  static Map<String, StoredTensor> pick(Map<String, List<Long>> required, StoredTensors stored) {
    Map<String, StoredTensor> picked = new LinkedHashMap<>();
    required.forEach((name, shape) -> picked.put(name, pick(name, shape, stored)));
    return picked;
  }

  /**
   * Refuses an encoder whose weights have layers that its config leaves out: they would be dropped
   * in silence. Tensors beside the encoder, a decoder's for one, are no fault.
   */
  static void refuseFurtherLayers(T5Config config, StoredTensors stored) {
    for (String name : stored.byName().keySet()) {
      Matcher layer = LAYER.matcher(name);
      if (layer.lookingAt() && !isBelow(layer.group(1), config.numLayers())) {
        throw new CheckpointException(
            ("%s holds the tensor %s, but by the config beside it num_layers is %d; weights and"
                    + " config come from different models")
                .formatted(stored.source(), Printable.name(name), config.numLayers()));
      }
    }
  }

  /** Refuses a bias that the projection's config says it does not have. */
  static void refuseBiasUnasked(DenseConfig config, StoredTensors stored) {
    if (!config.bias() && stored.byName().containsKey(DENSE_BIAS)) {
      throw new CheckpointException(
          "%s holds the tensor %s, but the config beside it says that bias is false"
              .formatted(stored.source(), DENSE_BIAS));
    }
  }

  private static boolean isBelow(String digits, int bound) {
    return digits.length() < 10 && Integer.parseInt(digits) < bound;
  }

  private static StoredTensor pick(String name, List<Long> shape, StoredTensors stored) {
    StoredTensor tensor = stored.byName().get(name);
    if (tensor == null && name.equals(EMBEDDING)) {
      tensor = stored.byName().get(TIED_EMBEDDING);
    }
    if (tensor == null) {
      throw new CheckpointException(
          ("%s has no tensor %s. By the config beside it, one of shape %s is expected;"
                  + " weights and config come from different models, or the weights are incomplete")
              .formatted(stored.source(), name, shape));
    }
    if (!tensor.shape().equals(shape)) {
      throw new CheckpointException(
          ("%s: the tensor %s has the shape %s, expected %s by the config beside it;"
                  + " weights and config come from different models")
              .formatted(stored.source(), tensor.name(), tensor.shape(), shape));
    }
    if (tensor.dtype().elementType().isEmpty()) {
      throw new CheckpointException(
          ("%s: the tensor %s is stored as %s; weights are read as F32, F16 or BF16."
                  + " Convert it with torch and save it again")
              .formatted(stored.source(), tensor.name(), tensor.dtype()));
    }
    return tensor;
  }
}
