package io.instructorspark.spark;

import io.instructorspark.engine.Embedding;
import java.util.Arrays;
import java.util.Locale;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** The type of the vector column. */
enum OutputType {
  /** {@code array<float>}: half the space, what SQL and Parquet readers of other systems take. */
  ARRAY {
    @Override
    DataType dataType() {
      return DataTypes.createArrayType(DataTypes.FloatType, false);
    }

    @Override
    int bytesPerNumber() {
      return Float.BYTES;
    }

    @Override
    Object value(float[] vector) {
      return vector;
    }

    @Override
    Object catalystValue(float[] vector) {
      return UnsafeArrayData.fromPrimitiveArray(vector);
    }

    @Override
    Encoder<Row> encoder(StructType schema, String column) {
      return RowEncoding.withFloatArray(schema, column);
    }
  },
  /** Spark ML's vector of doubles, what MLlib's stages take. */
  VECTOR {
    @Override
    DataType dataType() {
      return SQLDataTypes.VectorType();
    }

    @Override
    int bytesPerNumber() {
      return Double.BYTES;
    }

    @Override
    Object value(float[] vector) {
      return Vectors.dense(doubles(vector));
    }

    @Override
    Object catalystValue(float[] vector) {
      return new GenericInternalRow(
          new Object[] {DENSE, null, null, UnsafeArrayData.fromPrimitiveArray(doubles(vector))});
    }

    private static double[] doubles(float[] vector) {
      double[] doubles = new double[vector.length];
      for (int i = 0; i < doubles.length; i++) {
        doubles[i] = vector[i];
      }
      return doubles;
    }

    @Override
    Encoder<Row> encoder(StructType schema, String column) {
      return RowEncoding.exact(schema);
    }
  };

  /** How Spark ML marks a dense vector in its rows. */
  private static final byte DENSE = 1;

  abstract DataType dataType();

  abstract int bytesPerNumber();

  /** What a row holds in the vector column. */
  abstract Object value(float[] vector);

  /** What Catalyst's rows hold in the vector column, copied as one block. */
  abstract Object catalystValue(float[] vector);

  /** The result of one row as {@link EmbedCall#resultType} says. */
  InternalRow result(Embedding embedding) {
    return new GenericInternalRow(
        new Object[] {
          embedding.vector() == null ? null : catalystValue(embedding.vector()),
          embedding.tokenCount(),
          embedding.truncated(),
          embedding.error() == null ? null : UTF8String.fromString(embedding.error())
        });
  }

  /** The encoder of rows with such values in {@code column}. */
  abstract Encoder<Row> encoder(StructType schema, String column);

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static OutputType of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }

  static String[] labels() {
    return Arrays.stream(values()).map(OutputType::label).toArray(String[]::new);
  }
}
