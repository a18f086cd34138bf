package io.instructorspark.job.reference;

import io.instructorspark.spark.InstructorEmbedder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Which columns a stage reads and adds, found by asking {@code transformSchema}. */
final class StageColumns {
  /** A name that no column has. */
  private static final String NEW = "_new";

  /** Types that are seen nowhere else, so that they are found again in what a stage adds. */
  private static final Map<String, DataType> TRACED = new LinkedHashMap<>();

  static {
    TRACED.put("id", DataTypes.ShortType);
    TRACED.put("label", DataTypes.ByteType);
  }

  private static final List<DataType> TYPES =
      List.of(
          DataTypes.StringType,
          DataTypes.IntegerType,
          DataTypes.DoubleType,
          DataTypes.BooleanType,
          DataTypes.DateType,
          DataTypes.createArrayType(DataTypes.FloatType),
          DataTypes.createArrayType(DataTypes.DoubleType),
          DataTypes.createArrayType(DataTypes.StringType),
          DataTypes.createMapType(DataTypes.StringType, DataTypes.IntegerType),
          SQLDataTypes.VectorType());

  /** What every stage can take. */
  static final StructType INPUT =
      new StructType()
          .add("id", TRACED.get("id"))
          .add("text", DataTypes.StringType)
          .add("label", TRACED.get("label"))
          .add("cluster", DataTypes.IntegerType)
          .add("embedding", DataTypes.createArrayType(DataTypes.FloatType));

  private StageColumns() {}

  /** What a column is to a stage: found by giving the param a new name, and by trying types. */
  static String part(PipelineStage stage, String param) {
    Optional<StructType> renamed = tried(stage, param, NEW, INPUT);
    if (renamed.isPresent()) {
      Optional<String> added =
          Arrays.stream(renamed.get().fields())
              .filter(field -> field.name().equals(NEW))
              .map(field -> described(stage, field.dataType()))
              .findFirst();
      return added
          .map(type -> "added: " + type)
          .or(() -> withSwitch(stage, param))
          .orElse("not read by `transform`");
    }
    return "read: " + typesOf(stage, param);
  }

  /** Whether a column is read once another param is the other way round. */
  private static Optional<String> withSwitch(PipelineStage stage, String param) {
    for (Param<?> other : stage.params()) {
      if (other instanceof BooleanParam && stage.hasDefault(other)) {
        PipelineStage switched = stage.copy(ParamMap.empty());
        boolean value = !(Boolean) stage.getDefault(other).get();
        switched.set(switched.getParam(other.name()), value);
        if (tried(switched, param, NEW, INPUT).isEmpty()) {
          return Optional.of(
              "read where `%s` is %s: %s".formatted(other.name(), value, typesOf(switched, param)));
        }
      }
    }
    return Optional.empty();
  }

  private static String typesOf(PipelineStage stage, String param) {
    List<String> taken = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    for (DataType type : TYPES) {
      boolean takes = tried(stage, param, NEW, INPUT.add(NEW, type)).isPresent();
      (takes ? taken : refused).add(type.simpleString());
    }
    if (taken.isEmpty()) {
      return "the type that was fitted";
    }
    if (refused.isEmpty()) {
      return "any type";
    }
    return refused.size() < 3 ? "any type but " + Markdown.codes(refused) : Markdown.codes(taken);
  }

  private static String described(PipelineStage stage, DataType type) {
    String words = type.simpleString();
    for (Map.Entry<String, DataType> traced : TRACED.entrySet()) {
      words =
          words.replace(traced.getValue().simpleString(), traced.getKey().toUpperCase(Locale.ROOT));
    }
    String described = Markdown.code(words);
    if (words.contains("ID")) {
      described += ", where `ID` is the type of `idCol`";
    }
    if (words.contains("LABEL")) {
      described +=
          stage instanceof Model<?>
              ? ", where `LABEL` is the type of the labels that were learned"
              : ", where `LABEL` is the type of `labelCol`";
    }
    return described;
  }

  private static Optional<StructType> tried(
      PipelineStage stage, String param, String column, StructType input) {
    PipelineStage copy = stage.copy(ParamMap.empty());
    copy.set(copy.getParam(param), column);
    try {
      return Optional.of(output(copy, input));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The schema of what a stage makes of {@link #INPUT}. */
  static StructType output(PipelineStage stage) {
    return output(stage, INPUT);
  }

  private static StructType output(PipelineStage stage, StructType input) {
    return stage.transformSchema(
        stage instanceof InstructorEmbedder && embeds(stage) ? withoutVectors(input) : input);
  }

  /** The embedder's own column has the name that the others read. */
  private static boolean embeds(PipelineStage stage) {
    return ((InstructorEmbedder) stage).getOutputCol().equals("embedding");
  }

  private static StructType withoutVectors(StructType input) {
    return new StructType(
        Arrays.stream(input.fields())
            .filter(field -> !field.name().equals("embedding"))
            .toArray(StructField[]::new));
  }
}
