package io.instructorspark.spark;

import io.instructorspark.engine.Work;

/** Who counts what an embedding does, in the task's thread. */
interface EmbeddingCounters {
  /**
   * After each forward pass.
   *
   * @param batchRows rows whose encoding began with it
   * @param batchTokens tokens it read, padding left out
   */
  void addBatch(int batchRows, long batchTokens);

  /**
   * What is left to count when a window is done; its tokens were counted by batch.
   *
   * @param rowsWithoutPass rows that no batch has counted
   * @param errors rows without a vector because of an error
   * @param truncated rows whose text was cut
   */
  void addWindow(int rowsWithoutPass, long errors, long truncated, Work work);

  /**
   * A task loaded a model into its JVM.
   *
   * @param nanos how long it took
   */
  void addModelLoad(long nanos);
}
