package io.instructorspark.spark;

import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.execution.SQLExecution;

/**
 * What is counted once, however often it is computed: a partition of an embedding in an action.
 *
 * @param action the number that Spark gave to the execution of a query; for jobs that are no query,
 *     and where the place is not known, below 0 and the stage's
 * @param embedding see {@link EmbeddingPlace}
 * @param partition of the embedding or, where its place is not known, of the task
 * @param ordinal tells parts of one task apart where their places are not known
 */
record CountedPart(long action, long embedding, int partition, int ordinal)
    implements Serializable {

  /**
   * The part at a place, in the task of this thread.
   *
   * @param ordinal of the parts of the task, counted where the place is not known
   */
  static CountedPart of(EmbeddingPlace place, int ordinal) {
    TaskContext task = TaskContext.get();
    if (task == null) {
      return new CountedPart(Long.MIN_VALUE, -1, -1, ordinal);
    }
    long stage = -1L - task.stageId();
    if (place.equals(EmbeddingPlace.OF_THE_TASK)) {
      return new CountedPart(stage, -1, task.partitionId(), ordinal);
    }
    String query = task.getLocalProperty(SQLExecution.EXECUTION_ID_KEY());
    return new CountedPart(
        query == null ? stage : Long.parseLong(query), place.embedding(), place.partition(), 0);
  }
}
