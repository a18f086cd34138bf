package io.instructorspark.spark;

import io.instructorspark.engine.EmbedOptions;
import io.instructorspark.engine.ModelSpec;
import java.io.Serializable;
import java.util.Objects;
import org.apache.spark.sql.SparkSession;

/**
 * Which vectors are asked for and how rows are worked through, resolved and checked on the driver:
 * what {@link InstructorFunctions#udf(EmbeddingSpec)} takes.
 *
 * @param model the checkpoint, pinned, and the mode
 * @param options how to work; no vector depends on it except that of a text that is too long
 * @param handleInvalid what becomes of rows that cannot be embedded
 */
public record EmbeddingSpec(ModelSpec model, EmbedOptions options, HandleInvalid handleInvalid)
    implements Serializable {

  /** Checks presence. */
  public EmbeddingSpec {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(handleInvalid, "handleInvalid");
  }

  /**
   * What a session's {@code spark.instructor.*} say, and the defaults where they are silent.
   *
   * @throws IllegalArgumentException if a setting has no valid value
   * @throws io.instructorspark.checkpoint.CheckpointException if the checkpoint cannot be read
   */
  public static EmbeddingSpec of(SparkSession session) {
    return of(session, new InstructorEmbedder());
  }

  /**
   * What a stage's parameters say, and the session's settings where they are not set. Columns and
   * instructions are not part of it.
   *
   * @throws IllegalArgumentException if a setting has no valid value
   * @throws io.instructorspark.checkpoint.CheckpointException if the checkpoint cannot be read
   */
  public static EmbeddingSpec of(SparkSession session, InstructorEmbedder stage) {
    return stage.plan(session).spec();
  }
}
