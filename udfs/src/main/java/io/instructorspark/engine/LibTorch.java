package io.instructorspark.engine;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** libtorch in this JVM: started once, phoning nowhere. */
final class LibTorch {
  private static final Logger LOG = LoggerFactory.getLogger(LibTorch.class);

  private static Engine engine;
  private static Device auto;

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

  /** NVIDIA GPUs that libtorch can use in this process; 0 with its CPU build. */
  static int gpuCount() {
    return engine().getGpuCount();
  }

  /**
   * The DJL device for a choice.
   *
   * @throws EngineException if a GPU is asked for and it is not there
   */
  static ai.djl.Device resolve(Device device) {
    Device concrete = concrete(device);
    return concrete.number().isPresent()
        ? ai.djl.Device.gpu(concrete.number().getAsInt())
        : ai.djl.Device.cpu();
  }

  /**
   * What a choice stands for in this JVM: the processor, or a GPU by its number.
   *
   * @throws EngineException if a GPU is asked for and it is not there
   */
  static Device concrete(Device device) {
    if (device.equals(Device.CPU)) {
      return device;
    }
    if (device.equals(Device.AUTO)) {
      return auto();
    }
    int number = device.number().orElse(0);
    requireGpu(device, number, gpuCount(), engine().getVersion());
    return Device.gpu(number);
  }

  private static synchronized Device auto() {
    if (auto == null) {
      int gpus = gpuCount();
      auto = gpus > 0 ? Device.gpu(0) : Device.CPU;
      LOG.info("device auto is {}: libtorch sees {} GPUs", auto, gpus);
    }
    return auto;
  }

  static void requireGpu(Device asked, int number, int gpus, String version) {
    if (number < gpus) {
      return;
    }
    if (gpus == 0) {
      throw new EngineException(
          ("device %s was asked for, but libtorch %s in this JVM sees no NVIDIA GPU. The jars carry the CPU build of libtorch:"
                  + " on a machine with a GPU and its driver put ai.djl.pytorch:pytorch-native-cu128:%s (classifier linux-x86_64)"
                  + " on the class path instead of pytorch-native-cpu, or point PYTORCH_LIBRARY_PATH at the lib folder of a CUDA"
                  + " build of libtorch %s. To run on the processor, ask for cpu or auto.")
              .formatted(asked, version, version, version));
    }
    throw new EngineException(
        ("device %s was asked for, but libtorch %s in this JVM sees %d NVIDIA GPU%s, cuda:0 to cuda:%d. Ask for one of these, or"
                + " look at CUDA_VISIBLE_DEVICES, which hides GPUs from a process and numbers the others anew.")
            .formatted(asked, version, gpus, gpus == 1 ? "" : "s", gpus - 1));
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
                  + " (linux-x86_64, linux-aarch64 or osx-aarch64), DJL_CACHE_DIR (default ~/.djl.ai) must be writable, and they"
                  + " take some 500 MB of address space: %s")
              .formatted(System.getProperty("os.name"), System.getProperty("os.arch"), causes(e)),
          e);
    }
  }

  private static String causes(Throwable failure) {
    StringBuilder causes = new StringBuilder(String.valueOf(failure.getMessage()));
    for (Throwable e = failure.getCause(); e != null && e.getCause() != e; e = e.getCause()) {
      causes.append(": ").append(e.getMessage());
    }
    return causes.toString();
  }
}
