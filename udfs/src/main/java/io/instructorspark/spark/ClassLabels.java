package io.instructorspark.spark;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * The labels that a classifier can give, in Spark's order of their type. A label's place here is
 * its number.
 *
 * @param typeJson the type of the column they were in
 * @param texts the labels as strings
 * @param rows how many rows of each were learned from
 */
record ClassLabels(String typeJson, List<String> texts, List<Long> rows) implements Serializable {

  ClassLabels {
    texts = List.copyOf(texts);
    rows = List.copyOf(rows);
  }

  /**
   * @throws IllegalArgumentException if there is no such column, or it cannot hold labels
   */
  static void requireColumn(StructType schema, String column) {
    if (!schema.getFieldIndex(column).isDefined()) {
      throw new IllegalArgumentException(
          "there is no column '%s' of labels; there are %s"
              .formatted(column, String.join(", ", schema.fieldNames())));
    }
    DataType type = schema.apply(column).dataType();
    if (!(type instanceof StringType
        || type instanceof NumericType
        || type instanceof BooleanType
        || type instanceof DateType)) {
      throw new IllegalArgumentException(
          "column '%s' is %s, and labels are strings, numbers, booleans or dates; cast it to string"
              .formatted(column, type.simpleString()));
    }
  }

  /** The label, null where it says nothing. */
  static Column present(Column label, DataType type) {
    boolean mayBeNan = type.equals(DataTypes.DoubleType) || type.equals(DataTypes.FloatType);
    return mayBeNan ? when(not(isnan(label)), label) : label;
  }

  DataType type() {
    return DataType.fromJson(typeJson);
  }

  int count() {
    return texts.size();
  }

  long allRows() {
    return rows.stream().mapToLong(Long::longValue).sum();
  }

  /** All labels as one array of their own type. */
  Column values() {
    Column[] strings = texts.stream().map(text -> lit(text)).toArray(Column[]::new);
    return array(strings).cast(DataTypes.createArrayType(type()));
  }

  /** The label of a number, null for null. */
  Column value(Column number) {
    return when(number.isNotNull(), element_at(values(), number.plus(1)));
  }
}
