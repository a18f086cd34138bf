package io.instructorspark.spark;

import io.instructorspark.checkpoint.remote.Access;
import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * All that an embedding of rows needs beside the rows, as one record: what travels to executors.
 * Nothing of a stage or session is in it.
 *
 * @param spec model and mode
 * @param outputType type of the vector
 * @param metadata what the vector carries with it: which model and mode made it
 * @param access by which means executors reach the model's files
 * @param metrics counters, or null where nobody counts
 */
record EmbedCall(
    EmbeddingSpec spec,
    OutputType outputType,
    Metadata metadata,
    Access access,
    EmbeddingMetrics metrics)
    implements Serializable {
  /** Places of the result's fields. */
  static final int VECTOR = 0;

  static final int TOKEN_COUNT = 1;
  static final int TRUNCATED = 2;
  static final int ERROR = 3;

  private static final long USUAL_DIMENSION = 768;

  /** {@code struct<vector, token_count, truncated, error>}. */
  StructType resultType() {
    return new StructType(
        new StructField[] {
          new StructField("vector", outputType.dataType(), true, metadata),
          new StructField("token_count", DataTypes.IntegerType, false, Metadata.empty()),
          new StructField("truncated", DataTypes.BooleanType, false, Metadata.empty()),
          new StructField("error", DataTypes.StringType, true, Metadata.empty())
        });
  }

  /** Bytes of one vector, for estimates. */
  long vectorBytes() {
    long dimension = VectorOrigin.of(metadata).map(VectorOrigin::dimension).orElse(USUAL_DIMENSION);
    return dimension * outputType.bytesPerNumber();
  }

  /** For people: model, precision and what else decides about the vectors. No credentials. */
  String description() {
    return "model=%s, precision=%s, compatibility=%s, device=%s, maxLength=%d"
        .formatted(
            spec.model().location(),
            spec.model().precision(),
            spec.model().compatibility().label(),
            spec.model().device(),
            spec.model().maxLength());
  }

  /**
   * Whether the same rows get the same results. By which means the files are reached does not
   * matter, and neither does metadata.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof EmbedCall call
        && spec.equals(call.spec)
        && outputType == call.outputType
        && metrics == call.metrics;
  }

  @Override
  public int hashCode() {
    return Objects.hash(spec, outputType, Optional.ofNullable(metrics).isPresent());
  }
}
