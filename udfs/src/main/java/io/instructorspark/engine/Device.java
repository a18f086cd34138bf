package io.instructorspark.engine;

import java.util.Arrays;
import java.util.Locale;

/** Where the model runs. */
public enum Device {
  /** The first GPU if libtorch sees one, else the processor. */
  AUTO,
  /** The processor. */
  CPU,
  /**
   * The first NVIDIA GPU that the process sees; asking for it where there is none is an error, not
   * a fall-back. Several executors on one machine are given one GPU each by {@code
   * CUDA_VISIBLE_DEVICES}.
   */
  CUDA;

  /** The name used in options and stored with vectors: {@code auto}, {@code cpu}, {@code cuda}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The device named by a label, whatever its case.
   *
   * @throws IllegalArgumentException if there is no such device; the message lists those there are
   */
  public static Device of(String label) {
    return Labels.find(values(), Device::label, label, "device");
  }

  /** All labels, for messages and validators. */
  public static String[] labels() {
    return Arrays.stream(values()).map(Device::label).toArray(String[]::new);
  }

  @Override
  public String toString() {
    return label();
  }
}
