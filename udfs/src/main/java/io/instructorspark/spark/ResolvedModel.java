package io.instructorspark.spark;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.remote.Access;
import io.instructorspark.engine.Device;
import io.instructorspark.engine.ModelSpec;
import io.instructorspark.engine.Precision;
import io.instructorspark.text.Compatibility;
import java.util.Optional;

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

  /** What vectors carry with them; whoever knows the instruction of all rows adds it. */
  VectorOrigin origin() {
    return new VectorOrigin(
        spec.location(),
        spec.fingerprint(),
        spec.compatibility().label(),
        spec.precision().label(),
        spec.maxLength(),
        checkpoint.dense().outFeatures(),
        Optional.empty());
  }
}
