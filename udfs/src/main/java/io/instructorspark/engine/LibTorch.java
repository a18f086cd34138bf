package io.instructorspark.engine;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** libtorch in this JVM: started once, phoning nowhere. */
final class LibTorch {
  private static final Logger LOG = LoggerFactory.getLogger(LibTorch.class);

  private static Engine engine;

  private LibTorch() {}

  /**
   * Loads the natives on first use.
   *
   * @throws EngineException if they do not load; a later call tries again
   */
  static synchronized Engine engine() {
    if (engine == null) {
      engine = start();
    }
    return engine;
  }

  /**
   * The DJL device for a choice.
   *
   * @throws EngineException if a GPU is asked for and there is none
   */
  static ai.djl.Device resolve(Device device) {
    if (device == Device.CUDA && engine().getGpuCount() == 0) {
      throw new EngineException(
          ("device cuda was asked for, but libtorch %s in this JVM sees no NVIDIA GPU. The jars carry the CPU build of libtorch:"
                  + " on a machine with a GPU and its driver put ai.djl.pytorch:pytorch-native-cu128:%s (classifier linux-x86_64)"
                  + " on the class path instead of pytorch-native-cpu, or point PYTORCH_LIBRARY_PATH at the lib folder of a CUDA"
                  + " build of libtorch %s. To run on the processor, ask for cpu or auto.")
              .formatted(engine().getVersion(), engine().getVersion(), engine().getVersion()));
    }
    return concrete(device) == Device.CUDA ? ai.djl.Device.gpu() : ai.djl.Device.cpu();
  }

  /** What {@code auto} stands for in this JVM; the other two as they are. */
  static Device concrete(Device device) {
    if (device != Device.AUTO) {
      return device;
    }
    return engine().getGpuCount() > 0 ? Device.CUDA : Device.CPU;
  }

  /**
   * Gives the calling thread as many intra-op threads as its task has cores. OpenMP keeps this
   * number per thread, so each task thread says it for itself.
   */
  static void useThreads(int threads) {
    JniUtils.setNumThreads(threads);
  }

  private static Engine start() {
    System.setProperty("OPT_OUT_TRACKING", System.getProperty("OPT_OUT_TRACKING", "true"));
    System.setProperty("ai.djl.offline", System.getProperty("ai.djl.offline", "true"));
    try {
      Engine started = Engine.getEngine("PyTorch");
      LOG.info("libtorch {}", started.getVersion());
      return started;
    } catch (RuntimeException | LinkageError e) {
      throw new EngineException(
          ("libtorch's natives do not load on %s %s. The class path needs pytorch-native-cpu with the classifier of this platform"
                  + " (linux-x86_64, linux-aarch64 or osx-aarch64), and DJL_CACHE_DIR (default ~/.djl.ai) must be writable: %s")
              .formatted(
                  System.getProperty("os.name"), System.getProperty("os.arch"), e.getMessage()),
          e);
    }
  }
}
