package io.instructorspark.engine;

import io.instructorspark.text.Compatibility;
import java.io.Serializable;
import java.util.Objects;

/**
 * Which vectors are asked for: the driver's description of a model, small and immutable, that
 * travels to executors.
 *
 * @param location a checkpoint's {@link io.instructorspark.checkpoint.Checkpoint#pinned pinned}
 *     location, which every executor can open
 * @param fingerprint the checkpoint's fingerprint as the driver saw it; an executor that finds
 *     another one refuses
 * @param compatibility which of the three published behaviours
 * @param device where to run
 * @param precision numbers of the matrix products
 * @param maxLength tokens a text may have together with its instruction, at most the checkpoint's
 */
public record ModelSpec(
    String location,
    String fingerprint,
    Compatibility compatibility,
    Device device,
    Precision precision,
    int maxLength)
    implements Serializable {

  /** Checks presence and range. */
  public ModelSpec {
    Objects.requireNonNull(location, "location");
    Objects.requireNonNull(fingerprint, "fingerprint");
    Objects.requireNonNull(compatibility, "compatibility");
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(precision, "precision");
    if (maxLength < 2) {
      throw new IllegalArgumentException(
          "maxLength must be at least 2, a token and </s>, got %d".formatted(maxLength));
    }
  }

  /** The same on another device, as a task has it that was given a GPU. */
  public ModelSpec on(Device other) {
    return new ModelSpec(location, fingerprint, compatibility, other, precision, maxLength);
  }
}
