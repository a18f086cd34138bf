package io.instructorspark.job.train;

/**
 * Numbers drawn from a seed and what they are for, without a state: the same call gives the same
 * number, on any machine, and calls that differ in anything are as good as independent. The mixing
 * is that of SplitMix64 (Steele, Lea, Flood 2014).
 */
final class Draw {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private Draw() {}

  /** 64 bits. */
  static long bits(long seed, long... purpose) {
    long mixed = mix(seed + GAMMA);
    for (long part : purpose) {
      mixed = mix(mixed * 31 + part + GAMMA);
    }
    return mixed;
  }

  /** A number in [0, 1). */
  static double share(long seed, long... purpose) {
    return (bits(seed, purpose) >>> 11) * 0x1.0p-53;
  }

  /** One of {@code count} numbers from 0. */
  static int below(int count, long seed, long... purpose) {
    return (int) (((bits(seed, purpose) >>> 32) * count) >>> 32);
  }

  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
