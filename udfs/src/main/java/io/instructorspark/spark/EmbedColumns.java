package io.instructorspark.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns that are read and those that are added. */
record EmbedColumns(
    String text,
    Optional<String> instruction,
    String vector,
    Optional<String> tokenCount,
    Optional<String> truncated,
    Optional<String> error) {

  /** Checks the input and appends what is added. */
  StructType append(StructType input, DataType vectorType, Metadata metadata) {
    requireString(input, text);
    instruction.ifPresent(column -> requireString(input, column));
    List<StructField> added = new ArrayList<>();
    added.add(new StructField(vector, vectorType, true, metadata));
    tokenCount.ifPresent(name -> added.add(field(name, DataTypes.IntegerType, false)));
    truncated.ifPresent(name -> added.add(field(name, DataTypes.BooleanType, false)));
    error.ifPresent(name -> added.add(field(name, DataTypes.StringType, true)));
    List<String> taken = new ArrayList<>(List.of(input.fieldNames()));
    for (StructField field : added) {
      if (taken.stream().anyMatch(field.name()::equalsIgnoreCase)) {
        throw new IllegalArgumentException(
            "column '%s' is there already, so it cannot be added; rename it, or choose another output column"
                .formatted(field.name()));
      }
      taken.add(field.name());
    }
    return new StructType(
        Stream.concat(Arrays.stream(input.fields()), added.stream()).toArray(StructField[]::new));
  }

  EmbedTask.ExtraColumns extra() {
    return new EmbedTask.ExtraColumns(
        tokenCount.isPresent(), truncated.isPresent(), error.isPresent());
  }

  private static StructField field(String name, DataType type, boolean nullable) {
    return new StructField(name, type, nullable, Metadata.empty());
  }

  private static void requireString(StructType input, String column) {
    if (!List.of(input.fieldNames()).contains(column)) {
      throw new IllegalArgumentException(
          "no column '%s' in the input; it has: %s"
              .formatted(column, String.join(", ", input.fieldNames())));
    }
    if (Collections.frequency(List.of(input.fieldNames()), column) > 1) {
      throw new IllegalArgumentException(
          "the input has several columns '%s'; rename them so that one is the text"
              .formatted(column));
    }
    DataType type = input.apply(column).dataType();
    if (!(type instanceof StringType)) {
      throw new IllegalArgumentException(
          "column '%s' is %s, and only strings can be embedded; cast it to string"
              .formatted(column, type.simpleString()));
    }
  }
}
