package io.instructorspark.engine;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.remote.Access;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of this JVM: each checkpoint, device and precision is loaded once, by whichever thread
 * asks first, and shared by all. Thread-safe. A model stays until {@link #closeAll}: whoever works
 * with many in one JVM closes them in between. Callers leave the models open: they are everybody's.
 */
public final class Models {
  private static final Logger LOG = LoggerFactory.getLogger(Models.class);
  private static final ConcurrentHashMap<Key, CompletableFuture<InstructorModel>> LOADED =
      new ConcurrentHashMap<>();

  private record Key(String location, String fingerprint, Device device, Precision precision) {}

  private Models() {}

  /**
   * The model of a specification, loaded if this JVM has not got it yet; threads that ask meanwhile
   * wait for it, and may be interrupted.
   *
   * @throws io.instructorspark.checkpoint.CheckpointException if the checkpoint cannot be reached
   *     or read, or is not the one the driver saw
   * @throws EngineException if loading fails
   */
  public static InstructorModel onThisJvm(ModelSpec spec) {
    return onThisJvm(spec, Access.ofThisMachine());
  }

  /**
   * The model of a specification, as {@link #onThisJvm(ModelSpec)}, from wherever the access
   * reaches.
   */
  public static InstructorModel onThisJvm(ModelSpec spec, Access access) {
    Device device = LibTorch.concrete(spec.device()); // auto shares the model of what it stands for
    Key key = new Key(spec.location(), spec.fingerprint(), device, spec.precision());
    while (true) {
      CompletableFuture<InstructorModel> mine = new CompletableFuture<>();
      CompletableFuture<InstructorModel> first = LOADED.putIfAbsent(key, mine);
      if (first == null) {
        return load(key, access, mine);
      }
      Optional<InstructorModel> model = loadedBySomebody(key, first);
      if (model.isPresent()) {
        return model.get();
      }
      LOADED.remove(key, first);
    }
  }

  /** What another thread loads; empty if that failed, or the model was closed since. */
  private static Optional<InstructorModel> loadedBySomebody(
      Key key, CompletableFuture<InstructorModel> loading) {
    try {
      return Optional.of(loading.get()).filter(model -> !model.isClosed());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(
          "interrupted while another thread loads the model of %s".formatted(key.location()), e);
    } catch (ExecutionException e) {
      LOG.debug("another thread could not load {}, this one tries", key.location(), e);
      return Optional.empty();
    }
  }

  /** Closes and forgets all models. No thread may be using one. */
  public static void closeAll() {
    for (Key key : LOADED.keySet()) {
      CompletableFuture<InstructorModel> loading = LOADED.remove(key);
      if (loading != null) {
        loadedBySomebody(key, loading).ifPresent(InstructorModel::close);
      }
    }
  }

  private static InstructorModel load(
      Key key, Access access, CompletableFuture<InstructorModel> result) {
    try {
      InstructorModel model = load(key, access);
      result.complete(model);
      return model;
    } catch (RuntimeException | Error e) {
      LOADED.remove(key, result);
      result.completeExceptionally(e);
      throw e;
    }
  }

  private static InstructorModel load(Key key, Access access) {
    long start = System.nanoTime();
    Checkpoint checkpoint = Checkpoint.open(key.location(), access, key.fingerprint());
    InstructorModel model = InstructorModel.load(checkpoint, key.device(), key.precision());
    try {
      checkpoint.requireUnchanged();
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
    LOG.info(
        "loaded {} ({}, {}) in {} s",
        key.location(),
        key.device(),
        key.precision(),
        "%.1f".formatted((System.nanoTime() - start) / 1e9));
    return model;
  }
}
