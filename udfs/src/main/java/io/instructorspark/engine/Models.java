package io.instructorspark.engine;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.remote.Access;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of this JVM: each checkpoint, device and precision is loaded once, by whichever thread
 * asks first, and shared by all. Thread-safe. Models that nobody has used for {@link #keepFor a
 * while} are released, and loaded again when somebody wants them. At the JVM's end all are closed,
 * once the passes under way have ended.
 */
public final class Models {
  /** For {@link #keepFor}: models stay until {@link #closeAll}. */
  public static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

  /** How long unused models are kept where nobody says. */
  public static final Duration KEPT_FOR = Duration.ofMinutes(10);

  private static final Logger LOG = LoggerFactory.getLogger(Models.class);
  private static final ConcurrentHashMap<Key, CompletableFuture<InstructorModel>> LOADED =
      new ConcurrentHashMap<>();
  private static final IdleRelease IDLE = new IdleRelease(KEPT_FOR, Models::releaseIdle);

  private static volatile boolean ending;

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(null, Models::end, "instructor-models-end", 0, false));
  }

  private record Key(String location, String fingerprint, Device device, Precision precision) {
    /** {@code auto} shares the model of what it stands for. */
    static Key of(ModelSpec spec) {
      return new Key(
          spec.location(), spec.fingerprint(), LibTorch.concrete(spec.device()), spec.precision());
    }

    @Override
    public String toString() {
      return "%s (%s, %s)".formatted(location, device, precision);
    }
  }

  private Models() {}

  /**
   * An embedder for the calling thread that has its model from here for each call: loaded by the
   * first, kept while calls follow each other, and loaded again if it was released in between.
   *
   * @param access by which means the checkpoint is reached when the model is loaded
   */
  public static TextEmbedder embedder(ModelSpec spec, Access access, EmbedOptions options) {
    return new TextEmbedder(spec, options, watch -> use(spec, access, watch));
  }

  private static InstructorModel use(ModelSpec spec, Access access, BatchWatch watch) {
    Key key = Key.of(spec);
    while (true) {
      InstructorModel model = get(key, access, watch);
      if (model.tryUse()) {
        return model;
      }
    }
  }

  /**
   * The model of a specification, loaded if this JVM has not got it yet; threads that ask meanwhile
   * wait for it, and may be interrupted. The caller leaves it open: it is everybody's. Since nobody
   * knows how long a caller holds it, it stays until {@link #closeAll}; an {@link #embedder} does
   * not have that effect.
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
    Key key = Key.of(spec);
    while (true) {
      InstructorModel model = get(key, access, (rows, tokens) -> {});
      if (model.keep()) {
        return model;
      }
    }
  }

  /**
   * Loads the model of a specification if this JVM has not got it, so that the first who uses it
   * need not wait. Unused, it is released like any other.
   *
   * @throws io.instructorspark.checkpoint.CheckpointException as {@link #onThisJvm(ModelSpec)}
   * @throws EngineException if loading fails
   */
  public static void preload(ModelSpec spec, Access access) {
    get(Key.of(spec), access, (rows, tokens) -> {});
  }

  /**
   * Says how long this JVM keeps models that nobody uses, {@link #KEPT_FOR} if nobody says. Holds
   * at once, also for models that are loaded.
   *
   * @param time above 0; {@link #FOREVER} for always
   * @throws IllegalArgumentException if the time is 0 or negative
   */
  public static void keepFor(Duration time) {
    IDLE.keepFor(time);
  }

  /** How many models this JVM has loaded so far, released ones included. */
  public static long loads() {
    return activity().loads();
  }

  /** How many models this JVM holds now. */
  public static int loaded() {
    return (int) LOADED.values().stream().filter(model -> open(model).isPresent()).count();
  }

  /** How many texts this JVM has encoded so far, on whichever models. */
  public static long textsEncoded() {
    return activity().texts();
  }

  /** How many tokens those texts had, padding left out. */
  public static long tokensEncoded() {
    return activity().tokens();
  }

  /** What the threads of this JVM did so far, on whichever models. Cheap. */
  public static Activity activity() {
    return Tally.now();
  }

  /**
   * Closes and forgets all models. What is under way on them ends first: then the last thread frees
   * the memory.
   */
  public static void closeAll() {
    for (Key key : LOADED.keySet()) {
      CompletableFuture<InstructorModel> loading = LOADED.remove(key);
      if (loading != null) {
        loadedBySomebody(key, loading).ifPresent(model -> close(key, model));
      }
    }
  }

  private static InstructorModel get(Key key, Access access, BatchWatch watch) {
    while (true) {
      CompletableFuture<InstructorModel> mine = new CompletableFuture<>();
      CompletableFuture<InstructorModel> first = LOADED.putIfAbsent(key, mine);
      if (first == null) {
        return load(key, access, watch, mine);
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
      InstructorModel loaded = loading.isDone() ? loading.get() : Tally.waiting(loading::get);
      return Optional.of(loaded).filter(model -> !model.isClosed());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(
          "interrupted while another thread loads the model of %s".formatted(key.location()), e);
    } catch (ExecutionException e) {
      LOG.debug("another thread could not load {}, this one tries", key.location(), e);
      return Optional.empty();
    }
  }

  private static InstructorModel load(
      Key key, Access access, BatchWatch watch, CompletableFuture<InstructorModel> result) {
    long start = System.nanoTime();
    try {
      if (ending) {
        throw new EngineException("no model is loaded any more: the JVM ends");
      }
      InstructorModel model = load(key, access);
      result.complete(model);
    } catch (RuntimeException | Error e) {
      LOADED.remove(key, result);
      result.completeExceptionally(e);
      throw e;
    }
    long nanos = System.nanoTime() - start;
    InstructorModel model = result.join();
    Tally.load(nanos);
    LOG.info(
        "loaded {} in {} s, {} MB", key, "%.1f".formatted(nanos / 1e9), model.weightBytes() >> 20);
    if (ending) {
      model.close();
    }
    IDLE.watch();
    watch.modelLoaded(nanos);
    return model;
  }

  private static InstructorModel load(Key key, Access access) {
    Checkpoint checkpoint = Checkpoint.open(key.location(), access, key.fingerprint());
    InstructorModel model = InstructorModel.load(checkpoint, key.device(), key.precision());
    try {
      checkpoint.requireUnchanged();
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
    return model;
  }

  /** As {@link IdleRelease} wants it. */
  private static OptionalLong releaseIdle(long nanos) {
    OptionalLong next = OptionalLong.empty();
    for (Map.Entry<Key, CompletableFuture<InstructorModel>> entry : LOADED.entrySet()) {
      Optional<InstructorModel> model = open(entry.getValue());
      OptionalLong left =
          entry.getValue().isDone()
              ? model.map(m -> closeIfIdle(entry.getKey(), m, nanos)).orElse(OptionalLong.empty())
              : OptionalLong.of(nanos);
      if (left.isEmpty() && model.map(InstructorModel::isClosed).orElse(true)) {
        LOADED.remove(entry.getKey(), entry.getValue());
      }
      next =
          left.isPresent() && (next.isEmpty() || left.getAsLong() < next.getAsLong()) ? left : next;
    }
    return next;
  }

  private static OptionalLong closeIfIdle(Key key, InstructorModel model, long nanos) {
    OptionalLong left;
    try {
      left = model.closeIfIdle(nanos);
    } catch (RuntimeException e) { // a thread of its own: Spark ends an executor whose thread dies
      LOG.warn("releasing {} failed", key, e);
      return OptionalLong.empty();
    }
    if (model.isClosed()) {
      LOG.info(
          "released {}, unused for {} s, {} MB",
          key,
          "%.1f".formatted(nanos / 1e9),
          model.weightBytes() >> 20);
    }
    return left;
  }

  private static void close(Key key, InstructorModel model) {
    model.close();
    LOG.info("closed {}, {} MB", key, model.weightBytes() >> 20);
  }

  /** A loaded model that is open; empty while it is being loaded. */
  private static Optional<InstructorModel> open(CompletableFuture<InstructorModel> loading) {
    return loading.isDone() && !loading.isCompletedExceptionally()
        ? Optional.of(loading.join()).filter(model -> !model.isClosed())
        : Optional.empty();
  }

  /** Waits for nobody: a pass under way frees its model when it ends. */
  private static void end() {
    ending = true;
    LOADED.forEach((key, loading) -> open(loading).ifPresent(InstructorModel::close));
  }
}
