package io.instructorspark.spark;

import java.io.Serializable;

/**
 * Where rows are embedded, the same however often Spark computes them in one action.
 *
 * @param embedding number of the operator's execution, unique in a driver
 * @param partition of the operator, which need not be that of the task
 */
record EmbeddingPlace(long embedding, int partition) implements Serializable {
  /** Nothing is known but the task. */
  static final EmbeddingPlace OF_THE_TASK = new EmbeddingPlace(-1, -1);
}
