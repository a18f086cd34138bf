package io.instructorspark.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/**
 * Looks for NaN and infinity among raw little-endian numbers: those whose exponent has all bits
 * set. Works on eight bytes at once. To the exponents alone, one is added at their lowest bit: the
 * sum reaches a number's sign bit only where they were full, and never the number beside it.
 */
final class FiniteNumbers {
  /** Longs between two looks at the result. */
  private static final int BLOCK = 2_048;

  private FiniteNumbers() {}

  /** Index of the first number that is not finite, or -1. What remains is left as it is. */
  static int firstNonFinite(ElementType type, ByteBuffer numbers) {
    ByteBuffer bytes = numbers.slice().order(ByteOrder.LITTLE_ENDIAN);
    long exponents = lanes(type, exponent(type));
    long lowest = lanes(type, exponent(type) & -exponent(type));
    long signs = lanes(type, type == ElementType.F32 ? 0x8000_0000L : 0x8000L);
    LongBuffer longs = bytes.asLongBuffer();
    int whole = longs.limit();
    for (int start = 0; start < whole; start += BLOCK) {
      int end = Math.min(whole, start + BLOCK);
      long sums = 0;
      for (int i = start; i < end; i++) {
        sums |= (longs.get(i) & exponents) + lowest;
      }
      if ((sums & signs) != 0) {
        return first(type, bytes, start * Long.BYTES / type.bytes());
      }
    }
    return first(type, bytes, whole * Long.BYTES / type.bytes());
  }

  private static int first(ElementType type, ByteBuffer bytes, int from) {
    long exponent = exponent(type);
    for (int i = from; i < bytes.limit() / type.bytes(); i++) {
      long bits = type == ElementType.F32 ? bytes.getInt(4 * i) : bytes.getShort(2 * i);
      if ((bits & exponent) == exponent) {
        return i;
      }
    }
    return -1;
  }

  private static long exponent(ElementType type) {
    return switch (type) {
      case F32 -> 0x7f80_0000L;
      case F16 -> 0x7c00L;
      case BF16 -> 0x7f80L;
    };
  }

  private static long lanes(ElementType type, long bits) {
    return type == ElementType.F32
        ? bits | bits << 32
        : bits | bits << 16 | bits << 32 | bits << 48;
  }
}
