package io.instructorspark.engine;

import java.util.concurrent.atomic.LongAdder;

/** Adds up what the threads of this JVM do: once for a pass, a window or a loading. */
final class Tally {
  private static final LongAdder LOADS = new LongAdder();
  private static final LongAdder LOAD_NANOS = new LongAdder();
  private static final LongAdder TEXTS = new LongAdder();
  private static final LongAdder TOKENS = new LongAdder();
  private static final LongAdder PASSES = new LongAdder();
  private static final LongAdder MODEL_NANOS = new LongAdder();
  private static final LongAdder TOKENIZER_NANOS = new LongAdder();
  private static final LongAdder ERRORS = new LongAdder();
  private static final LongAdder WAITING = new LongAdder();
  private static final LongAdder WAITED_NANOS = new LongAdder();

  private Tally() {}

  static void load(long nanos) {
    LOADS.increment();
    LOAD_NANOS.add(nanos);
  }

  static void pass(TokenBatch batch) {
    TEXTS.add(batch.size());
    TOKENS.add(batch.realTokens());
    PASSES.increment();
  }

  static void inModel(long nanos) {
    MODEL_NANOS.add(nanos);
  }

  static void window(long tokenizerNanos, long errors) {
    TOKENIZER_NANOS.add(tokenizerNanos);
    ERRORS.add(errors);
  }

  /** What may take a while because others come first. */
  @FunctionalInterface
  interface Wait<T, E extends Exception> {
    T get() throws E, InterruptedException;
  }

  /** Waits, seen by whoever asks meanwhile. */
  static <T, E extends Exception> T waiting(Wait<T, E> wait) throws E, InterruptedException {
    long start = System.nanoTime();
    WAITING.increment();
    try {
      return wait.get();
    } finally {
      WAITING.decrement();
      WAITED_NANOS.add(System.nanoTime() - start);
    }
  }

  static Activity now() {
    return new Activity(
        LOADS.sum(),
        LOAD_NANOS.sum(),
        TEXTS.sum(),
        TOKENS.sum(),
        PASSES.sum(),
        MODEL_NANOS.sum(),
        TOKENIZER_NANOS.sum(),
        ERRORS.sum(),
        WAITING.sum(),
        WAITED_NANOS.sum());
  }
}
