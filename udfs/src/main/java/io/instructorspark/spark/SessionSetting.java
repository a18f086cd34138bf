package io.instructorspark.spark;

import io.instructorspark.checkpoint.remote.CacheSettings;
import io.instructorspark.engine.Models;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.ml.param.Param;

/**
 * The settings of Spark that this library reads: {@code spark.instructor.NAME}, by {@code --conf},
 * in {@code spark-defaults.conf}, or by {@code spark.conf().set(…)}. There are no others.
 *
 * <p>The first ones stand in for params of {@link InstructorEmbedder} that are not set, wherever
 * texts are embedded, and mean what these mean.
 */
public enum SessionSetting {
  /** Stands in for the param of this name. */
  MODEL("model"),
  /** Stands in for the param of this name. */
  COMPATIBILITY("compatibility"),
  /** Stands in for the param of this name. */
  DEVICE("device"),
  /** Stands in for the param of this name. */
  PRECISION("precision"),
  /** Stands in for the param of this name. */
  MAX_LENGTH("maxLength"),
  /** Stands in for the param of this name. */
  LONG_TEXT("longText"),
  /** Stands in for the param of this name. */
  MAX_TOKENS_PER_BATCH("maxTokensPerBatch"),
  /** Stands in for the param of this name. */
  WINDOW_SIZE("windowSize"),
  /** Stands in for the param of this name. */
  HANDLE_INVALID("handleInvalid"),
  /** A folder for copies of checkpoints, the same on each machine. */
  CACHE_DIRECTORY(
      "cacheDirectory",
      Reading.QUERY,
      "folder",
      "",
      "folder for copies of checkpoints, the same on every machine; where it is not set, each machine's own, as INSTRUCTOR_CACHE says"),
  /** GiB that all copies of a machine may have together. */
  CACHE_MAX_GIGABYTES(
      "cacheMaxGigabytes",
      Reading.QUERY,
      "number",
      Long.toString(CacheSettings.DEFAULT_MAX_BYTES >> 30),
      "GiB that all copies of checkpoints in that folder may have together; the longest unused ones make room"),
  /** Whether the batched operator may be used. */
  OPERATOR_ENABLED(
      "operatorEnabled",
      Reading.QUERY,
      "boolean",
      "true",
      "whether the session takes the operator that embeds in batches; without it functions work row by row, and stages map partitions"),
  /** Seconds for which an executor keeps a model that nobody uses. */
  MODEL_IDLE_SECONDS(
      "modelIdleSeconds",
      Reading.START,
      "int",
      Long.toString(Models.KEPT_FOR.toSeconds()),
      "whole seconds for which an executor keeps a model that nobody uses, or forever");

  /** When a setting is read. */
  public enum Reading {
    /** From the session, whenever a query is planned. */
    QUERY,
    /** From the application's settings, at its start: a session cannot change it. */
    START
  }

  private static final String PREFIX = "spark.instructor.";

  private final String shortName;
  private final Reading reading;
  private final String type;
  private final String otherwise;
  private final String meaning;

  SessionSetting(String param) {
    this(param, Reading.QUERY, null, null, null);
  }

  SessionSetting(String shortName, Reading reading, String type, String otherwise, String meaning) {
    this.shortName = shortName;
    this.reading = reading;
    this.type = type;
    this.otherwise = otherwise;
    this.meaning = meaning;
  }

  /** The setting's name in full, {@code spark.instructor.} and so on. */
  public String key() {
    return PREFIX + shortName;
  }

  /** When it is read. */
  public Reading reading() {
    return reading;
  }

  /** The param of an {@link InstructorEmbedder} that it stands in for; empty if for none. */
  public Optional<Param<?>> param() {
    return meaning == null
        ? Optional.of(new InstructorEmbedder().getParam(shortName))
        : Optional.empty();
  }

  /** What its value is: the type of its param, or a word for it. */
  public String type() {
    return param().map(StageParams::type).orElse(type);
  }

  /** What holds where it is not set; empty where that is no constant. */
  public String defaultValue() {
    if (meaning != null) {
      return otherwise;
    }
    InstructorEmbedder stage = new InstructorEmbedder();
    return stage.getDefault(stage.getParam(shortName)).get().toString();
  }

  /** What it says, in words. */
  public String meaning() {
    return param().map(Param::doc).orElse(meaning);
  }

  /** The setting that stands in for a param of an {@link InstructorEmbedder}. */
  static SessionSetting of(Param<?> param) {
    return Arrays.stream(values())
        .filter(setting -> setting.meaning == null && setting.shortName.equals(param.name()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no setting stands in for " + param.name()));
  }
}
