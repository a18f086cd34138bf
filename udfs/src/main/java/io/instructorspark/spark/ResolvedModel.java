package io.instructorspark.spark;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.remote.Access;
import io.instructorspark.engine.Device;
import io.instructorspark.engine.ModelSpec;
import io.instructorspark.engine.Precision;
import io.instructorspark.text.Compatibility;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;

/**
 * A checkpoint as the driver found it, and the specification that travels.
 *
 * @param checkpoint layout and configs checked, weights not loaded
 * @param spec what executors get
 */
record ResolvedModel(Checkpoint checkpoint, ModelSpec spec) {
  /**
   * @param maxLength 0 for the checkpoint's
   * @throws IllegalArgumentException if maxLength is above the checkpoint's
   */
  static ResolvedModel of(
      String location,
      Access access,
      Compatibility compatibility,
      Device device,
      Precision precision,
      int maxLength) {
    Checkpoint checkpoint = Checkpoint.open(location, access);
    if (maxLength > checkpoint.maxSeqLength()) {
      throw new IllegalArgumentException(
          "maxLength %d is above what %s was trained for; it takes at most %d tokens"
              .formatted(maxLength, location, checkpoint.maxSeqLength()));
    }
    int length = maxLength == 0 ? checkpoint.maxSeqLength() : maxLength;
    return new ResolvedModel(
        checkpoint,
        new ModelSpec(
            checkpoint.pinned(),
            checkpoint.fingerprint(),
            compatibility,
            device,
            precision,
            length));
  }

  /**
   * What vectors carry with them: which model and mode made them, and the instruction where all
   * rows have one.
   */
  Metadata metadata(String instruction) {
    MetadataBuilder made =
        new MetadataBuilder()
            .putString("model", spec.location())
            .putString("fingerprint", spec.fingerprint())
            .putString("compatibility", spec.compatibility().label())
            .putString("precision", spec.precision().label())
            .putLong("maxLength", spec.maxLength())
            .putLong("dimension", checkpoint.dense().outFeatures());
    if (instruction != null) {
      made.putString("instruction", instruction);
    }
    return new MetadataBuilder().putMetadata("instructor", made.build()).build();
  }
}
