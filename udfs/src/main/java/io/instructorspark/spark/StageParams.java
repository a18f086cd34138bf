package io.instructorspark.spark;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import scala.Function1;

/** Params of stages with what their values have to be. */
final class StageParams {
  private StageParams() {}

  /** The name of a column. */
  static Param<String> name(Params stage, String name, String doc) {
    return new Param<>(stage, name, doc, (Check) value -> value != null && !value.isBlank());
  }

  /** One of a few words. */
  static Param<String> choice(Params stage, String name, String doc, String... choices) {
    return new Param<>(
        stage,
        name,
        doc,
        (Check)
            value -> {
              if (List.of(choices).contains(value)) {
                return true;
              }
              throw new IllegalArgumentException(
                  "%s must be one of %s, got '%s'"
                      .formatted(name, String.join(", ", choices), value));
            });
  }

  /** A number from 1 on. */
  static IntParam positive(Params stage, String name, String doc) {
    return new IntParam(stage, name, doc, ParamValidators.gtEq(1));
  }

  /** A validator that can be serialised with its stage. */
  @FunctionalInterface
  interface Check extends Function1<String, Object>, Serializable {}
}
