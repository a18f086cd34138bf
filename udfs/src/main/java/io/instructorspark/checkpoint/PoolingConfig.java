package io.instructorspark.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * Reads {@code 1_Pooling/config.json} to make sure that it asks for the mean over tokens. Its
 * dimension is not looked at: published checkpoints state a wrong one.
 */
final class PoolingConfig {
  private static final String PREFIX = "pooling_mode_";
  private static final String MEAN = "pooling_mode_mean_tokens";

  private PoolingConfig() {}

  static void requireMean(ConfigFile file) {
    file.requireIfPresent("pooling_mode", "mean", "INSTRUCTOR averages over the text's tokens");
    for (Map.Entry<String, JsonNode> setting : file.root().properties()) {
      String key = setting.getKey();
      if (key.startsWith(PREFIX) && !key.equals(MEAN) && file.flag(key, false)) {
        throw file.refused(
            "%s is true; only the mean over tokens (%s alone) is supported".formatted(key, MEAN));
      }
    }
    if (!file.flag(MEAN, true)) {
      throw file.refused(
          "%s is false; only the mean over tokens is supported, as INSTRUCTOR pools so"
              .formatted(MEAN));
    }
  }
}
