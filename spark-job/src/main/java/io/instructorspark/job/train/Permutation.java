package io.instructorspark.job.train;

/**
 * An order of the numbers below a count that a seed draws, computed place by place: nothing is
 * stored. A Feistel network of four rounds permutes the next even power of two; a place that it
 * sends beyond the count is sent on until it is below (cycle walking), fewer than four times on
 * average.
 */
final class Permutation {
  private static final int ROUNDS = 4;

  private final int count;
  private final long seed;
  private final int halfBits;
  private final long halfMask;

  /** An order of {@code 0 .. count - 1}; {@code count} is at least 1. */
  Permutation(int count, long seed) {
    if (count < 1) {
      throw new IllegalArgumentException("an order of %d numbers".formatted(count));
    }
    this.count = count;
    this.seed = seed;
    int bits = Math.max(2, Integer.SIZE - Integer.numberOfLeadingZeros(count - 1));
    this.halfBits = (bits + 1) / 2;
    this.halfMask = (1L << halfBits) - 1;
  }

  /** The number at a place, both from 0 and below the count. */
  int at(int place) {
    if (place < 0 || place >= count) {
      throw new IndexOutOfBoundsException("place %d of %d".formatted(place, count));
    }
    long value = place;
    do {
      value = permuted(value);
    } while (value >= count);
    return (int) value;
  }

  private long permuted(long value) {
    long left = value >>> halfBits;
    long right = value & halfMask;
    for (int round = 0; round < ROUNDS; round++) {
      long next = left ^ (Draw.bits(seed, round, right) & halfMask);
      left = right;
      right = next;
    }
    return (left << halfBits) | right;
  }
}
