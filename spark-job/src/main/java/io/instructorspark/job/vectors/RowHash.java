package io.instructorspark.job.vectors;

import static org.apache.spark.sql.functions.xxhash64;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/**
 * The 64-bit xxHash of what a row holds, of which columns that hold maps are left out, as they have
 * no order: the same for a row wherever it lies.
 */
public final class RowHash {
  private RowHash() {}

  /** The hash of some columns of these rows. */
  public static Column of(Dataset<Row> rows, List<String> columns) {
    StructType schema = rows.schema();
    return xxhash64(
        columns.stream()
            .filter(name -> !holdsMap(schema.apply(name).dataType()))
            .map(name -> rows.col(VectorRows.quoted(name)))
            .toArray(Column[]::new));
  }

  private static boolean holdsMap(DataType type) {
    if (type instanceof ArrayType array) {
      return holdsMap(array.elementType());
    }
    if (type instanceof StructType struct) {
      return Arrays.stream(struct.fields()).anyMatch(field -> holdsMap(field.dataType()));
    }
    return type instanceof MapType;
  }
}
