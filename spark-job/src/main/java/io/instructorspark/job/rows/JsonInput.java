package io.instructorspark.job.rows;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Reads JSON lines. Columns and types are inferred from all lines, in one pass of its own; keys
 * come in the order of the first line, later ones after them.
 */
final class JsonInput {
  private static final String UNREAD = "_input_unread";
  private static final String JSON_PROBLEM = "_input_json_problem";
  private static final String TYPED = "_input_typed";
  private static final String STRINGS = "_input_strings";
  private static final Map<String, String> OPTIONS =
      Map.of(
          "mode",
          "PERMISSIVE",
          "columnNameOfCorruptRecord",
          UNREAD,
          "samplingRatio",
          "1.0",
          "maxStringLen",
          String.valueOf(Integer.MAX_VALUE));

  private JsonInput() {}

  static Dataset<Row> read(
      SparkSession spark, Storage storage, InputFiles input, List<String> stringColumns) {
    UserDefinedFunction problem =
        udf((UDF1<String, String>) JsonLine::problem, DataTypes.StringType);
    Column line = col(TextLines.LINE);
    Dataset<Row> lines =
        TextLines.read(spark, storage, input)
            .where(length(trim(line, " \t\r")).gt(0))
            .withColumn(JSON_PROBLEM, problem.apply(line));
    Schema schema =
        ReadFailure.explained(input.input(), () -> schema(spark, input, lines, stringColumns));
    return rows(lines, schema);
  }

  /**
   * The columns of all lines.
   *
   * @param names all of them in order
   * @param strings those that have to be strings
   * @param others the types of the rest
   */
  private record Schema(List<String> names, List<String> strings, StructType others) {}

  private static Schema schema(
      SparkSession spark, InputFiles input, Dataset<Row> lines, List<String> stringColumns) {
    Dataset<String> objects =
        lines.where(col(JSON_PROBLEM).isNull()).select(TextLines.LINE).as(Encoders.STRING());
    List<String> first = objects.takeAsList(1);
    if (first.isEmpty()) {
      throw new InputException(
          lines.isEmpty()
              ? "%s holds no rows".formatted(input.input())
              : "no line of %s is a JSON object; jsonl has one object a line (a JSON array is turned into lines by: jq -c '.[]' IN > OUT)"
                  .formatted(input.input()));
    }
    StructType inferred = spark.read().options(OPTIONS).json(objects).schema();
    List<String> names = ordered(JsonLine.keys(first.get(0)), inferred);
    ColumnNames columns = ColumnNames.of(spark, input.input(), names);
    List<String> strings = stringColumns.stream().map(columns::require).distinct().toList();
    StructType others = new StructType();
    for (String name : names) {
      StructField field = inferred.apply(name);
      if (strings.contains(name)) {
        requireNoStructure(input, field);
      } else {
        others = others.add(name, field.dataType());
      }
    }
    return new Schema(List.copyOf(names), strings, others);
  }

  private static List<String> ordered(List<String> firstKeys, StructType inferred) {
    List<String> names = new ArrayList<>(List.of(inferred.fieldNames()));
    names.remove(UNREAD);
    List<String> ordered = new ArrayList<>(firstKeys.stream().distinct().toList());
    ordered.retainAll(names);
    names.removeAll(ordered);
    ordered.addAll(names);
    return ordered;
  }

  private static void requireNoStructure(InputFiles input, StructField field) {
    if (field.dataType() instanceof StructType || field.dataType() instanceof ArrayType) {
      throw new InputException(
          "column '%s' of %s has to hold strings, but it holds %s"
              .formatted(field.name(), input.input(), field.dataType().catalogString()));
    }
  }

  /** Spark reads the typed columns; strings are taken just as written, which Spark does not do. */
  private static Dataset<Row> rows(Dataset<Row> lines, Schema schema) {
    List<String> strings = schema.strings();
    List<String> names = schema.names();
    UserDefinedFunction asWritten =
        udf(
            (UDF1<String, String[]>) line -> line == null ? null : JsonLine.strings(line, strings),
            DataTypes.createArrayType(DataTypes.StringType));
    UserDefinedFunction strayKey =
        udf(
            (UDF1<String, String>) line -> line == null ? null : JsonLine.strayKey(line, names),
            DataTypes.StringType);
    Column sound = when(col(JSON_PROBLEM).isNull(), col(TextLines.LINE));
    Column typed = from_json(sound, schema.others().add(UNREAD, DataTypes.StringType), OPTIONS);
    Column problem =
        coalesce(
            col(JSON_PROBLEM),
            strayKey.apply(sound),
            col(InputRows.PROBLEM_COLUMN),
            when(
                col(TYPED).getField(UNREAD).isNotNull(),
                lit("line holds a value that its column's type cannot take")));
    List<Column> columns = new ArrayList<>();
    for (String name : names) {
      int string = strings.indexOf(name);
      Column value = string < 0 ? col(TYPED).getField(name) : element_at(col(STRINGS), string + 1);
      columns.add(value.as(name));
    }
    columns.add(problem.as(InputRows.PROBLEM_COLUMN));
    return lines
        .withColumn(TYPED, typed)
        .withColumn(STRINGS, asWritten.apply(sound))
        .select(columns.toArray(Column[]::new));
  }
}
