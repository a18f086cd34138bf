package io.instructorspark.spark;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import scala.collection.Seq;

/** Reads an {@code array<float>} out of Spark's rows. */
final class VectorRow {
  private VectorRow() {}

  /** The vector, copied; null where it or one of its elements is null. */
  static float[] vector(InternalRow row, int place) {
    if (row.isNullAt(place)) {
      return null;
    }
    ArrayData array = row.getArray(place);
    for (int i = 0; i < array.numElements(); i++) {
      if (array.isNullAt(i)) {
        return null;
      }
    }
    return array.toFloatArray();
  }

  /** The vector as a function gets it; null where it or one of its elements is null. */
  static float[] vector(Seq<Float> numbers) {
    if (numbers == null) {
      return null;
    }
    float[] vector = new float[numbers.length()];
    for (int i = 0; i < vector.length; i++) {
      Float number = numbers.apply(i);
      if (number == null) {
        return null;
      }
      vector[i] = number;
    }
    return vector;
  }

  /** The vector, copied; null where it is null, or of the dimension and without a direction. */
  static float[] usable(InternalRow row, int place, int dimension) {
    float[] vector = vector(row, place);
    requireDimension(vector, dimension);
    return VectorState.of(vector) == VectorState.USABLE ? vector : null;
  }

  /**
   * Checks a vector that may be null.
   *
   * @throws IllegalArgumentException if it is of another dimension
   */
  static void requireDimension(float[] vector, int dimension) {
    if (vector != null && vector.length != dimension) {
      throw otherDimension(vector.length, dimension);
    }
  }

  static IllegalArgumentException otherDimension(int one, int other) {
    return new IllegalArgumentException(
        "a vector has %d numbers where others have %d; vectors of different models cannot be compared"
            .formatted(one, other));
  }
}
