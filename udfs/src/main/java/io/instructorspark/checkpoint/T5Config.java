package io.instructorspark.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The sizes of a T5 v1.0 encoder (arXiv 1910.10683): RMS norm, additive relative position bias,
 * feed-forward with ReLU and no gate.
 *
 * @param vocabSize rows of the embedding table
 * @param dModel width of the hidden states
 * @param dKv width of one attention head
 * @param dFf width of the feed-forward layer
 * @param numLayers encoder blocks
 * @param numHeads attention heads of a block
 * @param relativeAttentionNumBuckets buckets of the relative position bias, half for each direction
 * @param relativeAttentionMaxDistance distance, in tokens, from which all share the last bucket
 * @param layerNormEpsilon added to the mean square before its root is taken
 */
public record T5Config(
    int vocabSize,
    int dModel,
    int dKv,
    int dFf,
    int numLayers,
    int numHeads,
    int relativeAttentionNumBuckets,
    int relativeAttentionMaxDistance,
    double layerNormEpsilon) {

  /**
   * Checks every size.
   *
   * @throws IllegalArgumentException for a size that is not positive or is absurd, in the words of
   *     {@code config.json}
   */
  public T5Config {
    checkSize("vocab_size", vocabSize, 4_194_304);
    checkSize("d_model", dModel, 65_536);
    checkSize("d_kv", dKv, 4_096);
    checkSize("d_ff", dFf, 1_048_576);
    checkSize("num_layers", numLayers, 1_024);
    checkSize("num_heads", numHeads, 1_024);
    checkSize("relative_attention_num_buckets", relativeAttentionNumBuckets, 65_536);
    checkSize("relative_attention_max_distance", relativeAttentionMaxDistance, 1_048_576);
    if (relativeAttentionNumBuckets % 2 != 0 || relativeAttentionNumBuckets < 4) {
      throw new IllegalArgumentException(
          ("relative_attention_num_buckets must be even and at least 4, half for each"
                  + " direction; got %d")
              .formatted(relativeAttentionNumBuckets));
    }
    if (relativeAttentionMaxDistance <= relativeAttentionNumBuckets / 4) {
      throw new IllegalArgumentException(
          ("relative_attention_max_distance must exceed a quarter of the %d"
                  + " relative_attention_num_buckets, got %d")
              .formatted(relativeAttentionNumBuckets, relativeAttentionMaxDistance));
    }
    if (!(layerNormEpsilon > 0 && layerNormEpsilon < 1)) {
      throw new IllegalArgumentException(
          "layer_norm_epsilon must be between 0 and 1, got " + layerNormEpsilon);
    }
  }

  /** Width of all heads together; may differ from {@link #dModel}. */
  public int innerSize() {
    return numHeads * dKv;
  }

  /**
   * Reads a {@code config.json} that need not belong to a checkpoint.
   *
   * @throws CheckpointException if it cannot be read, or is of another architecture; names the file
   */
  public static T5Config read(Path file) {
    try {
      if (Files.size(file) > CheckpointFiles.MAX_CONFIG_BYTES) {
        throw new CheckpointException(
            "%s has more than %d bytes; no config of a T5 comes near that"
                .formatted(file, CheckpointFiles.MAX_CONFIG_BYTES));
      }
      return read(ConfigFile.parse(Files.readString(file), file.toString()));
    } catch (IOException e) {
      throw new CheckpointException("cannot read %s: %s".formatted(file, Reason.of(e)), e);
    }
  }

  /** Reads the encoder's {@code config.json}; refuses other architectures by name. */
  static T5Config read(ConfigFile file) {
    file.require("model_type", "t5", "only T5 v1.0 encoders are read, as INSTRUCTOR uses them");
    String notGated = "INSTRUCTOR's T5 v1.0 uses relu without a gate";
    file.requireIfPresent("feed_forward_proj", "relu", notGated);
    file.requireIfPresent("dense_act_fn", "relu", notGated);
    if (file.flag("is_gated_act", false)) {
      throw file.refused("is_gated_act is true; " + notGated);
    }
    return file.checked(
        () ->
            new T5Config(
                file.integer("vocab_size"),
                file.integer("d_model"),
                file.integer("d_kv"),
                file.integer("d_ff"),
                file.integer("num_layers"),
                file.integer("num_heads"),
                file.integer("relative_attention_num_buckets", 32),
                file.integer("relative_attention_max_distance", 128),
                file.number("layer_norm_epsilon", 1e-6)));
  }

  private static void checkSize(String key, int size, int max) {
    if (size < 1 || size > max) {
      throw new IllegalArgumentException(
          "%s must be between 1 and %d, got %d".formatted(key, max, size));
    }
  }
}
