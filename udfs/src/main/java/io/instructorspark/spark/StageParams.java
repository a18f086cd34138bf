package io.instructorspark.spark;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
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

  /** {@code featuresCol}, as all stages have it that read vectors. */
  static Param<String> vectors(Params stage) {
    return name(
        stage, "featuresCol", "column of vectors: array<float>, array<double> or ML's vector");
  }

  /** The type of a param's values, in a word. */
  static String type(Param<?> param) {
    if (param instanceof IntParam) {
      return "int";
    }
    if (param instanceof LongParam) {
      return "long";
    }
    if (param instanceof DoubleParam) {
      return "double";
    }
    if (param instanceof BooleanParam) {
      return "boolean";
    }
    return param instanceof StringArrayParam ? "array of strings" : "string";
  }

  /** A validator that can be serialised with its stage. */
  @FunctionalInterface
  interface Check extends Function1<String, Object>, Serializable {}
}
