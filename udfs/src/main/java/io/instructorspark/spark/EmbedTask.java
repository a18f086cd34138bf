package io.instructorspark.spark;

import java.io.Serializable;

/**
 * All that a task needs which maps rows without the operator, as one record: nothing of the stage
 * or the session travels.
 *
 * @param call model and mode
 * @param textIndex place of the text column
 * @param instructionIndex place of the instruction column, or -1
 * @param instruction the instruction of all rows where there is no column
 * @param columns which extra columns follow the vector
 */
record EmbedTask(
    EmbedCall call, int textIndex, int instructionIndex, String instruction, ExtraColumns columns)
    implements Serializable {

  /** The optional columns, in the order they stand in behind the vector. */
  record ExtraColumns(boolean tokenCount, boolean truncated, boolean error)
      implements Serializable {
    int count() {
      return (tokenCount ? 1 : 0) + (truncated ? 1 : 0) + (error ? 1 : 0);
    }
  }
}
