package io.instructorspark.checkpoint;

import java.util.Objects;

/**
 * The sizes of a model that is yet to be trained.
 *
 * @param config of the encoder
 * @param dropout that its {@code config.json} says
 * @param dense the projection; as wide as the encoder on its input side
 * @param maxSeqLength tokens of a text and its instruction, {@code </s>} included
 */
public record NewModel(T5Config config, double dropout, DenseConfig dense, int maxSeqLength) {
  /** Checks that the parts fit. */
  public NewModel {
    Objects.requireNonNull(config, "config");
    if (dense.inFeatures() != config.dModel()) {
      throw new IllegalArgumentException(
          "the dense layer takes %d numbers, the encoder's d_model is %d"
              .formatted(dense.inFeatures(), config.dModel()));
    }
    if (maxSeqLength < 2) {
      throw new IllegalArgumentException(
          "max_seq_length must be at least 2, a token and </s>, got " + maxSeqLength);
    }
  }
}
