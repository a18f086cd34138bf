package io.instructorspark.job.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Wall-clock seconds of a job by phase, in the order they ran. For one thread. */
public final class Phases {
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  /** Runs a step and adds its time to a phase. */
  public <T> T time(String phase, Supplier<T> step) {
    long start = System.nanoTime();
    try {
      return step.get();
    } finally {
      seconds.merge(phase, (System.nanoTime() - start) / 1e9, Double::sum);
    }
  }

  /** Seconds of a phase, 0 if it never ran. */
  public double seconds(String phase) {
    return seconds.getOrDefault(phase, 0.0);
  }

  /** Seconds by phase, to the millisecond, with their total. */
  public Map<String, Double> all() {
    Map<String, Double> rounded = new LinkedHashMap<>();
    seconds.forEach((phase, s) -> rounded.put(phase, Math.round(s * 1000) / 1000.0));
    double total = seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    rounded.put("total", Math.round(total * 1000) / 1000.0);
    return rounded;
  }
}
