package io.instructorspark.engine;

import java.util.Arrays;
import java.util.Locale;

/**
 * The numbers that the matrix products of the layers are made in. The residual stream, norms,
 * softmax, pooling and the dense layer are fp32 in both. There is no fp16: T5 overflows in it.
 */
public enum Precision {
  /** 32-bit floats: the default and the truth, equal to the reference. */
  FP32(6, 4),
  /** bfloat16 matrix products: half the memory, cosine to fp32 ≥ 0.999. */
  BF16(15, 2);

  private final int torchType;
  private final int bytes;

  Precision(int torchType, int bytes) {
    this.torchType = torchType;
    this.bytes = bytes;
  }

  /** The name used in options and stored with vectors: {@code fp32}, {@code bf16}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Bytes a number of a layer's matrix takes in memory. */
  public int bytes() {
    return bytes;
  }

  /** libtorch's number for the type. */
  int torchType() {
    return torchType;
  }

  /**
   * The precision named by a label, whatever its case.
   *
   * @throws IllegalArgumentException if there is no such precision; the message lists those there
   *     are
   */
  public static Precision of(String label) {
    return Labels.find(values(), Precision::label, label, "precision");
  }

  /** All labels, for messages and validators. */
  public static String[] labels() {
    return Arrays.stream(values()).map(Precision::label).toArray(String[]::new);
  }

  @Override
  public String toString() {
    return label();
  }
}
