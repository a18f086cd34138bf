package io.instructorspark.checkpoint;

import java.util.Objects;

/**
 * The linear projection that INSTRUCTOR applies after pooling.
 *
 * @param inFeatures width of a pooled vector; equals the encoder's {@link T5Config#dModel}
 * @param outFeatures width of an embedding
 * @param bias whether {@code 2_Dense.linear.bias} is added
 * @param activation what is applied to the result
 */
public record DenseConfig(
    int inFeatures, int outFeatures, boolean bias, DenseActivation activation) {
  private static final int MAX_FEATURES = 65_536;

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException for a size that is not positive or is absurd
   */
  public DenseConfig {
    checkSize("in_features", inFeatures);
    checkSize("out_features", outFeatures);
    Objects.requireNonNull(activation, "activation");
  }

  /** Reads the projection's {@code config.json} for an encoder of this width. */
  static DenseConfig read(CheckpointFiles files, String folder, T5Config encoder) {
    String path = RelativePath.join(folder, "config.json");
    if (!files.has(path)) {
      throw new CheckpointException(
          "there is no %s. %s".formatted(files.describe(path), ModuleList.WHY_DENSE));
    }
    ConfigFile file = ConfigFile.read(files, path);
    DenseConfig dense =
        file.checked(
            () ->
                new DenseConfig(
                    file.integer("in_features"),
                    file.integer("out_features"),
                    file.flag("bias", true),
                    DenseActivation.ofTorchClass(file.string("activation_function"))));
    if (dense.inFeatures != encoder.dModel()) {
      throw file.refused(
          "in_features is %d, but the encoder's d_model is %d; the files come from different models"
              .formatted(dense.inFeatures, encoder.dModel()));
    }
    return dense;
  }

  private static void checkSize(String key, int size) {
    if (size < 1 || size > MAX_FEATURES) {
      throw new IllegalArgumentException(
          "%s must be between 1 and %d, got %d".formatted(key, MAX_FEATURES, size));
    }
  }
}
