package io.instructorspark.spark;

import java.util.Objects;
import java.util.Optional;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;

/**
 * Which model and mode made a column of vectors: what the column carries as metadata under {@value
 * #KEY}, in memory and in Parquet files. Vectors of different origins lie in different spaces and
 * cannot be compared; the instruction alone may differ.
 *
 * @param model location of the checkpoint
 * @param fingerprint SHA-256 of its files
 * @param compatibility label of the mode
 * @param precision label of the matrix products' numbers
 * @param maxLength tokens of the window
 * @param dimension length of a vector
 * @param instruction the instruction of all rows; empty where rows have their own
 */
public record VectorOrigin(
    String model,
    String fingerprint,
    String compatibility,
    String precision,
    long maxLength,
    long dimension,
    Optional<String> instruction) {
  /** Key of the column's metadata. */
  public static final String KEY = "instructor";

  /** Checks presence. */
  public VectorOrigin {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(fingerprint, "fingerprint");
    Objects.requireNonNull(compatibility, "compatibility");
    Objects.requireNonNull(precision, "precision");
    Objects.requireNonNull(instruction, "instruction");
  }

  /** The origin of a column; empty where it does not say one, or says it in another form. */
  public static Optional<VectorOrigin> of(StructField column) {
    return of(column.metadata());
  }

  static Optional<VectorOrigin> of(Metadata metadata) {
    try {
      Metadata made = metadata.getMetadata(KEY);
      return Optional.of(
          new VectorOrigin(
              made.getString("model"),
              made.getString("fingerprint"),
              made.getString("compatibility"),
              made.getString("precision"),
              made.getLong("maxLength"),
              made.getLong("dimension"),
              made.contains("instruction")
                  ? Optional.of(made.getString("instruction"))
                  : Optional.empty()));
    } catch (RuntimeException e) { // Spark's, of several kinds: absent, or somebody else's metadata
      return Optional.empty();
    }
  }

  /** The column metadata that says this. */
  public Metadata metadata() {
    MetadataBuilder made =
        new MetadataBuilder()
            .putString("model", model)
            .putString("fingerprint", fingerprint)
            .putString("compatibility", compatibility)
            .putString("precision", precision)
            .putLong("maxLength", maxLength)
            .putLong("dimension", dimension);
    instruction.ifPresent(sentence -> made.putString("instruction", sentence));
    return new MetadataBuilder().putMetadata(KEY, made.build()).build();
  }

  /** The same but for the instruction. */
  public VectorOrigin withInstruction(Optional<String> other) {
    return new VectorOrigin(
        model, fingerprint, compatibility, precision, maxLength, dimension, other);
  }

  /**
   * Why vectors of the two cannot be compared, in words.
   *
   * @return empty if they can
   */
  public Optional<String> difference(VectorOrigin other) {
    if (!fingerprint.equals(other.fingerprint)) {
      return Optional.of(
          "%s (fingerprint %s) and %s (fingerprint %s) are different models"
              .formatted(model, fingerprint, other.model, other.fingerprint));
    }
    return differing("compatibility", compatibility, other.compatibility)
        .or(() -> differing("precision", precision, other.precision))
        .or(() -> differing("maxLength", maxLength, other.maxLength))
        .or(() -> differing("dimension", dimension, other.dimension));
  }

  private static Optional<String> differing(String what, Object one, Object other) {
    return one.equals(other)
        ? Optional.empty()
        : Optional.of("%s is %s on one side and %s on the other".formatted(what, one, other));
  }
}
