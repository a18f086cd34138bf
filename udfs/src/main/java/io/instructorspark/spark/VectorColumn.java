package io.instructorspark.spark;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.Optional;
import org.apache.spark.ml.functions$;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A column of vectors as {@code array<float>}: of that type, of {@code array<double>}, or of ML's
 * vectors.
 *
 * @param name of the column
 * @param type of the column
 * @param origin the model and mode that made the vectors; empty where the column does not say
 */
record VectorColumn(String name, DataType type, Optional<VectorOrigin> origin) {
  /**
   * @throws IllegalArgumentException if there is no such column, or it is no column of vectors
   */
  static VectorColumn of(StructType schema, String name) {
    if (!schema.getFieldIndex(name).isDefined()) {
      throw new IllegalArgumentException(
          "there is no column '%s' of vectors; there are %s"
              .formatted(name, String.join(", ", schema.fieldNames())));
    }
    DataType type = schema.apply(name).dataType();
    if (!isVector(type)) {
      throw new IllegalArgumentException(
          "column '%s' is %s, and vectors are array<float>, array<double> or ML's vector; embed a text column first, or name the column of vectors"
              .formatted(name, type.simpleString()));
    }
    return new VectorColumn(name, type, VectorOrigin.of(schema.apply(name)));
  }

  private static boolean isVector(DataType type) {
    return type.equals(SQLDataTypes.VectorType())
        || type instanceof ArrayType array
            && (array.elementType().equals(DataTypes.FloatType)
                || array.elementType().equals(DataTypes.DoubleType));
  }

  /** The vectors of these rows, null where they are null. */
  Column floats(Dataset<?> rows) {
    Column vector = EmbedPlan.column(rows.toDF(), name);
    if (!type.equals(SQLDataTypes.VectorType())) {
      return vector.cast(DataTypes.createArrayType(DataTypes.FloatType));
    }
    return when(vector.isNull(), lit(null).cast(DataTypes.createArrayType(DataTypes.FloatType)))
        .otherwise(functions$.MODULE$.vector_to_array(vector, "float32"));
  }

  /**
   * Checks that vectors of the two can be compared, as far as the columns say.
   *
   * @throws IllegalArgumentException if other models or modes made them
   */
  void requireComparable(Optional<VectorOrigin> other) {
    origin
        .flatMap(mine -> other.flatMap(mine::difference))
        .ifPresent(
            difference -> {
              throw new IllegalArgumentException(
                  "column '%s': %s%s".formatted(name, difference, OneOrigin.REMEDY));
            });
  }
}
