package io.instructorspark.spark;

import java.util.Comparator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.RowOrdering;
import org.apache.spark.sql.catalyst.util.TypeUtils;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import scala.math.Ordering;

/** Ids of rows, of any type that Spark can order, as its rows hold them. */
final class Ids {
  private Ids() {}

  /** Spark's own order of values that are not null. */
  static Comparator<Object> order(DataType type) {
    Ordering<Object> order = TypeUtils.getInterpretedOrdering(type);
    return order::compare;
  }

  /** A value that stays when the row that holds it is overwritten. */
  static Object copy(Object value) {
    return InternalRow.copyValue(value);
  }

  /**
   * @throws IllegalArgumentException if there is no such column, or it cannot hold ids
   */
  static void requireColumn(StructType schema, String column) {
    if (!schema.getFieldIndex(column).isDefined()) {
      throw new IllegalArgumentException(
          "there is no column '%s' of ids; there are %s"
              .formatted(column, String.join(", ", schema.fieldNames())));
    }
    requireOrdered(column, schema.apply(column).dataType());
  }

  /**
   * @throws IllegalArgumentException if values of this type have no order
   */
  static void requireOrdered(String column, DataType type) {
    if (!RowOrdering.isOrderable(type)) {
      throw new IllegalArgumentException(
          "column '%s' is %s, which has no order, so it cannot hold ids; choose another id column, or cast it to string"
              .formatted(column, type.simpleString()));
    }
  }
}
