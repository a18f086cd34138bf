package io.instructorspark.spark;

import io.instructorspark.checkpoint.remote.Access;
import io.instructorspark.engine.EmbedOptions;
import io.instructorspark.engine.ModelSpec;
import java.io.Serializable;

/**
 * All that a task needs, as one record: nothing of the stage or the session travels.
 *
 * @param spec the model
 * @param access by which means executors reach the model's files
 * @param options how to work
 * @param textIndex place of the text column
 * @param instructionIndex place of the instruction column, or -1
 * @param instruction the instruction of all rows where there is no column
 * @param outputType type of the vector
 * @param columns which extra columns follow the vector
 * @param handleInvalid what becomes of rows with an error
 * @param metrics counters, or null where nobody counts
 */
record EmbedTask(
    ModelSpec spec,
    Access access,
    EmbedOptions options,
    int textIndex,
    int instructionIndex,
    String instruction,
    OutputType outputType,
    ExtraColumns columns,
    HandleInvalid handleInvalid,
    EmbeddingMetrics metrics)
    implements Serializable {

  /** The optional columns, in the order they stand in behind the vector. */
  record ExtraColumns(boolean tokenCount, boolean truncated, boolean error)
      implements Serializable {
    int count() {
      return (tokenCount ? 1 : 0) + (truncated ? 1 : 0) + (error ? 1 : 0);
    }
  }
}
