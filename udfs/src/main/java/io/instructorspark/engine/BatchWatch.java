package io.instructorspark.engine;

/** Looks on while a window is encoded: to count, or to end a cancelled task by an exception. */
@FunctionalInterface
public interface BatchWatch {
  /**
   * Runs after each forward pass, in the thread that made it; not after one that failed, unless it
   * failed for a single text, which is then given up.
   *
   * @param rows rows whose encoding began with this pass
   * @param tokens tokens it read, padding left out; 0 if it failed
   */
  void afterBatch(int rows, long tokens);

  /**
   * Runs if the calling thread itself loaded the model, before the first pass; not if it was there,
   * or if the thread waited for another one to load it.
   *
   * @param nanos how long it took
   */
  default void modelLoaded(long nanos) {}

  /** Runs now and then before the first pass, while texts are tokenised, in the calling thread. */
  default void tokenizing() {}
}
