package io.instructorspark.checkpoint;

/** The types of number that weights may be stored in. All are little-endian. */
public enum ElementType {
  /** IEEE 754 single precision. */
  F32(4),
  /** IEEE 754 half precision; to be widened on loading, because T5 overflows in it. */
  F16(2),
  /** bfloat16: the upper half of an {@link #F32}. */
  BF16(2);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes that one element takes. */
  public int bytes() {
    return bytes;
  }
}
