package io.instructorspark.engine;

/** Seeds that follow from others, by the finaliser of SplitMix64 (Steele et al. 2014). */
final class Mixing {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private Mixing() {}

  /** A seed for the place-th use of another seed; not negative. */
  static long of(long seed, long place) {
    long z = seed + (place + 1) * GOLDEN;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return (z ^ z >>> 31) >>> 1;
  }
}
