package io.instructorspark.spark;

import org.apache.spark.sql.catalyst.util.ArrayData;

/**
 * The vector functions of Spark 4.2, for versions that lack them, with its names, types and rules:
 * two {@code array<float>} of one length, a float. Null where an argument or an element is null.
 */
enum VectorFunction {
  /** Null for empty vectors and where one has no length. */
  COSINE_SIMILARITY("vector_cosine_similarity") {
    @Override
    Float of(ArrayData left, ArrayData right) {
      double product = 0;
      double leftSquare = 0;
      double rightSquare = 0;
      for (int i = 0; i < left.numElements(); i++) {
        double x = left.getFloat(i);
        double y = right.getFloat(i);
        product += x * y;
        leftSquare += x * x;
        rightSquare += y * y;
      }
      double lengths = Math.sqrt(leftSquare * rightSquare);
      return lengths == 0 ? null : (float) (product / lengths);
    }
  },
  /** 0 for empty vectors. */
  INNER_PRODUCT("vector_inner_product") {
    @Override
    Float of(ArrayData left, ArrayData right) {
      double product = 0;
      for (int i = 0; i < left.numElements(); i++) {
        product += (double) left.getFloat(i) * right.getFloat(i);
      }
      return (float) product;
    }
  },
  /** 0 for empty vectors. */
  L2_DISTANCE("vector_l2_distance") {
    @Override
    Float of(ArrayData left, ArrayData right) {
      double square = 0;
      for (int i = 0; i < left.numElements(); i++) {
        double difference = (double) left.getFloat(i) - right.getFloat(i);
        square += difference * difference;
      }
      return (float) Math.sqrt(square);
    }
  };

  private final String sqlName;

  VectorFunction(String sqlName) {
    this.sqlName = sqlName;
  }

  String sqlName() {
    return sqlName;
  }

  /** Of vectors of one length without nulls. */
  abstract Float of(ArrayData left, ArrayData right);

  /**
   * The function's value.
   *
   * @throws IllegalArgumentException if the vectors differ in length
   */
  Float apply(ArrayData left, ArrayData right) {
    if (left.numElements() != right.numElements()) {
      throw new IllegalArgumentException(
          ("[VECTOR_DIMENSION_MISMATCH] %s takes vectors of one dimension, got %d and %d; vectors of different models cannot be"
                  + " compared")
              .formatted(sqlName, left.numElements(), right.numElements()));
    }
    return holdsNull(left) || holdsNull(right) ? null : of(left, right);
  }

  private static boolean holdsNull(ArrayData array) {
    for (int i = 0; i < array.numElements(); i++) {
      if (array.isNullAt(i)) {
        return true;
      }
    }
    return false;
  }
}
