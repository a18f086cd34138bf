package io.instructorspark.spark;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.instructorspark.engine.Device;
import io.instructorspark.engine.ModelSpec;
import io.instructorspark.engine.Models;
import io.instructorspark.engine.Precision;
import io.instructorspark.text.Compatibility;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has each executor load its model when it starts, rather than with its first task, and shows what
 * the engine does among Spark's metrics. Optional: without it the first task loads.
 *
 * <pre>{@code
 * --conf spark.plugins=io.instructorspark.spark.InstructorPlugin
 * --conf spark.instructor.model=hf://hkunlp/instructor-large
 * }</pre>
 *
 * <p>The model is that of {@code spark.instructor.model}, {@code .device}, {@code .precision},
 * {@code .maxLength} and {@code .compatibility}; where no model is set, none is loaded in advance.
 * The driver opens the checkpoint once, at the application's start, and pins revision and
 * fingerprint; that it cannot be used ends the start. An executor loads in the background, on each
 * GPU that it was given; a task that comes meanwhile waits for the same loading. A loading that
 * fails is logged and does no harm to the executor: the first task tries again and reports.
 *
 * <p>{@code spark.instructor.modelIdleSeconds} says after how long an executor releases models that
 * nobody uses. When an executor stops, its models are closed. In local mode all of that happens in
 * the driver's JVM.
 *
 * <p>Metrics of an executor's JVM, under {@code plugin.io.instructorspark.spark.InstructorPlugin},
 * are those of {@link ExecutorMetric}.
 */
public final class InstructorPlugin implements SparkPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(InstructorPlugin.class);

  /** For Spark, which makes it by name. */
  public InstructorPlugin() {}

  @Override
  public DriverPlugin driverPlugin() {
    return new Pinned();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new Preloaded();
  }

  /** Resolves the model once for all executors. */
  private static final class Pinned implements DriverPlugin {
    @Override
    public Map<String, String> init(SparkContext context, PluginContext plugin) {
      SparkConf conf = plugin.conf();
      ModelIdleTime.of(conf);
      if (!conf.contains(SessionSetting.MODEL.key())) {
        LOG.info(
            "{} is not set: executors load models with their first tasks",
            SessionSetting.MODEL.key());
        return Map.of();
      }
      return settings(
          ResolvedModel.of(
                  conf.get(SessionSetting.MODEL.key()),
                  CheckpointAccess.of(conf),
                  Compatibility.of(setting(conf, SessionSetting.COMPATIBILITY)),
                  Device.of(setting(conf, SessionSetting.DEVICE)),
                  Precision.of(setting(conf, SessionSetting.PRECISION)),
                  maxLength(conf))
              .spec());
    }

    private static String setting(SparkConf conf, SessionSetting setting) {
      return conf.get(setting.key(), setting.defaultValue());
    }

    private static int maxLength(SparkConf conf) {
      String setting = setting(conf, SessionSetting.MAX_LENGTH).strip();
      if (!setting.matches("[0-9]{1,9}")) {
        throw new IllegalArgumentException(
            "%s is '%s', expected a number of tokens, or 0 for the checkpoint's"
                .formatted(SessionSetting.MAX_LENGTH.key(), setting));
      }
      return Integer.parseInt(setting);
    }
  }

  /** Loads in the background, counts, and closes at the end. */
  private static final class Preloaded implements ExecutorPlugin {
    private Thread loading;

    @Override
    public void init(PluginContext plugin, Map<String, String> settings) {
      ModelIdleTime.apply(plugin.conf());
      MetricRegistry metrics = plugin.metricRegistry();
      for (ExecutorMetric metric : ExecutorMetric.values()) {
        metrics.register(metric.metric(), (Gauge<Number>) metric::value);
      }
      if (!settings.isEmpty()) {
        loading = new Thread(() -> preload(plugin, spec(settings)), "instructor-preload");
        loading.setDaemon(true);
        loading.start();
      }
    }

    private static void preload(PluginContext plugin, ModelSpec spec) {
      try {
        for (ModelSpec one : TaskDevice.ofExecutor(spec, plugin.resources())) {
          Models.preload(one, CheckpointAccess.of(plugin.conf()));
        }
      } catch (RuntimeException | Error e) { // uncaught, it would end the executor
        LOG.warn(
            "{} could not be loaded in advance on executor {}; the first task tries again",
            spec.location(),
            plugin.executorID(),
            e);
      }
    }

    @Override
    public void shutdown() {
      if (loading != null) {
        loading.interrupt();
      }
      Models.closeAll();
    }
  }

  /** A specification as the driver hands it to executors. */
  static Map<String, String> settings(ModelSpec spec) {
    return Map.of(
        "location", spec.location(),
        "fingerprint", spec.fingerprint(),
        "compatibility", spec.compatibility().label(),
        "device", spec.device().label(),
        "precision", spec.precision().label(),
        "maxLength", Integer.toString(spec.maxLength()));
  }

  /** The specification of {@link #settings}. */
  static ModelSpec spec(Map<String, String> settings) {
    return new ModelSpec(
        settings.get("location"),
        settings.get("fingerprint"),
        Compatibility.of(settings.get("compatibility")),
        Device.of(settings.get("device")),
        Precision.of(settings.get("precision")),
        Integer.parseInt(settings.get("maxLength")));
  }
}
