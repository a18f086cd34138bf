package io.instructorspark.engine;

/** Looks on while a window is encoded: to count, or to end a cancelled task by an exception. */
@FunctionalInterface
public interface BatchWatch {
  /**
   * Runs after each forward pass, in the thread that made it.
   *
   * @param rows rows whose encoding began with this pass
   * @param tokens tokens it read, padding left out
   */
  void afterBatch(int rows, long tokens);
}
