package io.instructorspark.job.vectors;

import java.util.Optional;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import scala.collection.Seq;

/** Vectors of the types that inputs have, as MLlib's. */
final class MlVectors {
  private MlVectors() {}

  /**
   * Checks a column's type.
   *
   * @throws IllegalArgumentException if it is no column of vectors
   */
  static void require(StructField column) {
    DataType type = column.dataType();
    boolean vectors =
        type.equals(SQLDataTypes.VectorType())
            || type instanceof ArrayType array
                && (array.elementType().equals(DataTypes.FloatType)
                    || array.elementType().equals(DataTypes.DoubleType));
    if (!vectors) {
      throw new IllegalArgumentException(
          "column '%s' is %s, and vectors are array<float>, array<double> or ML's vector; name the column of vectors, or leave --embedding-column out to embed texts"
              .formatted(column.name(), type.simpleString()));
    }
  }

  /** The vector where it has a direction, else null. */
  static Column usable(Column vector) {
    UDF1<Object, Vector> usable = value -> fault(value).isEmpty() ? vector(value) : null;
    return functions.udf(usable, SQLDataTypes.VectorType()).apply(vector);
  }

  /** Why a vector that is there has no direction; null where it has one, or is null. */
  static Column fault(Column vector) {
    UDF1<Object, String> fault = value -> value == null ? null : fault(value).orElse(null);
    return functions.udf(fault, DataTypes.StringType).apply(vector);
  }

  /** How many numbers a vector of MLlib's has. */
  static Column dimension(Column vector) {
    UDF1<Vector, Integer> dimension = value -> value == null ? null : value.size();
    return functions.udf(dimension, DataTypes.IntegerType).apply(vector);
  }

  private static Optional<String> fault(Object value) {
    Vector vector = vector(value);
    if (vector == null) {
      return Optional.of("the vector has a null among its numbers, so it has no direction");
    }
    double square = 0;
    for (double number : vector.toArray()) {
      square += number * number;
    }
    if (square > 0 && square < Double.POSITIVE_INFINITY) {
      return Optional.empty();
    }
    return Optional.of(
        square == 0
            ? "the vector is zero, so it has no direction"
            : "the vector is not finite (NaN, infinite or too large numbers), so it has no direction");
  }

  /** Null where the value or one of its numbers is null. */
  private static Vector vector(Object value) {
    if (value == null || value instanceof Vector) {
      return (Vector) value;
    }
    Seq<?> numbers = (Seq<?>) value;
    double[] values = new double[numbers.length()];
    for (int i = 0; i < values.length; i++) {
      if (numbers.apply(i) == null) {
        return null;
      }
      values[i] = ((Number) numbers.apply(i)).doubleValue();
    }
    return Vectors.dense(values);
  }
}
