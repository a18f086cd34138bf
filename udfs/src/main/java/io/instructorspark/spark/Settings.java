package io.instructorspark.spark;

import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.RuntimeConfig;

/**
 * One precedence for all parameters: set on the stage, then the {@link SessionSetting} that stands
 * in for it, then the default.
 */
final class Settings {
  private final Params stage;
  private final RuntimeConfig conf;

  /**
   * @param conf the session's settings; null where there is no session
   */
  Settings(Params stage, RuntimeConfig conf) {
    this.stage = stage;
    this.conf = conf;
  }

  String text(Param<String> param) {
    String setting = setting(param);
    if (setting == null) {
      return stage.<String>getOrDefault(param);
    }
    try {
      if ((Boolean) param.isValid().apply(setting)) {
        return setting;
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s (%s)".formatted(invalid(param, setting).getMessage(), e.getMessage()), e);
    }
    throw invalid(param, setting);
  }

  int number(IntParam param) {
    String setting = setting(param);
    if (setting == null) {
      return (Integer) stage.getOrDefault(param);
    }
    try {
      int number = Integer.parseInt(setting.strip());
      if ((Boolean) param.isValid().apply(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw invalid(param, setting);
    }
    throw invalid(param, setting);
  }

  private String setting(Param<?> param) {
    return conf == null || stage.isSet(param)
        ? null
        : conf.get(SessionSetting.of(param).key(), null);
  }

  private static IllegalArgumentException invalid(Param<?> param, String setting) {
    return new IllegalArgumentException(
        "%s is '%s', which is no valid value; it means: %s"
            .formatted(SessionSetting.of(param).key(), setting, param.doc()));
  }
}
