package io.instructorspark.engine;

import io.instructorspark.checkpoint.Checkpoint;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of this JVM: each checkpoint, device and precision is loaded once, by whichever thread
 * asks first, and shared by all. Thread-safe. A model stays until {@link #closeAll}: whoever works
 * with many in one JVM closes them in between. Callers leave the models open: they are everybody's.
 */
public final class Models {
  private static final Logger LOG = LoggerFactory.getLogger(Models.class);
  private static final ConcurrentHashMap<Key, InstructorModel> LOADED = new ConcurrentHashMap<>();

  private record Key(String location, String fingerprint, Device device, Precision precision) {}

  private Models() {}

  /**
   * The model of a specification, loaded if this JVM has not got it yet; threads that ask meanwhile
   * wait for it.
   *
   * @throws EngineException if the checkpoint found here is not the one the driver saw, or loading
   *     fails
   */
  public static InstructorModel onThisJvm(ModelSpec spec) {
    Device device = LibTorch.concrete(spec.device()); // auto shares the model of what it stands for
    Key key = new Key(spec.location(), spec.fingerprint(), device, spec.precision());
    return LOADED.compute(
        key, (same, model) -> model == null || model.isClosed() ? load(same) : model);
  }

  /** Closes and forgets all models. No thread may be using one. */
  public static void closeAll() {
    for (Key key : LOADED.keySet()) {
      LOADED.computeIfPresent(
          key,
          (same, model) -> {
            model.close();
            return null;
          });
    }
  }

  private static InstructorModel load(Key key) {
    long start = System.nanoTime();
    Checkpoint checkpoint = Checkpoint.open(key.location());
    if (!checkpoint.fingerprint().equals(key.fingerprint())) {
      throw new EngineException(
          ("%s on this machine has the fingerprint %s, the driver saw %s: the two machines hold different checkpoints under one"
                  + " name. Put the same folder on every machine.")
              .formatted(key.location(), checkpoint.fingerprint(), key.fingerprint()));
    }
    InstructorModel model = InstructorModel.load(checkpoint, key.device(), key.precision());
    LOG.info(
        "loaded {} ({}, {}) in {} s",
        key.location(),
        key.device(),
        key.precision(),
        "%.1f".formatted((System.nanoTime() - start) / 1e9));
    return model;
  }
}
