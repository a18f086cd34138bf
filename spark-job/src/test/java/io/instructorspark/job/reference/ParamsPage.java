package io.instructorspark.job.reference;

import io.instructorspark.job.LocalSpark;
import io.instructorspark.spark.InstructorEmbedder;
import io.instructorspark.spark.NearestNeighbors;
import io.instructorspark.spark.NearestNeighborsModel;
import io.instructorspark.spark.SemanticMap;
import io.instructorspark.spark.SemanticMapModel;
import io.instructorspark.spark.SessionSetting;
import io.instructorspark.spark.TopicTerms;
import io.instructorspark.spark.VectorClassifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.StopWordsRemover;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The params of all stages, and the columns that they read and add, by what the stages say. */
final class ParamsPage {
  private static final String ENGLISH = "StopWordsRemover.loadDefaultStopWords(\"english\")";

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

  private static final StructType INPUT =
      new StructType()
          .add("id", TRACED.get("id"))
          .add("text", DataTypes.StringType)
          .add("label", TRACED.get("label"))
          .add("cluster", DataTypes.IntegerType)
          .add("embedding", DataTypes.createArrayType(DataTypes.FloatType));

  private ParamsPage() {}

  static String markdown() {
    List<PipelineStage> stages = stages();
    requireAll(stages);
    Markdown page =
        Markdown.page(
            "Params of the stages",
            "The stages of Spark ML in `io.instructorspark.spark`. Each param has a getter of its name, `getInputCol()` and so on, and where"
                + " the table names one, a setter, which returns the stage; a model has the values of the estimator that fitted it."
                + " In Python they have the same names and defaults, as keywords"
                + " too. A default of a param marked with † gives way to the [session's setting](configuration.md#settings-of-spark)"
                + " `spark.instructor.NAME`.",
            stages.stream().map(ParamsPage::name).toList());
    stages.forEach(stage -> stage(page, stage));
    return page.toString();
  }

  private static List<PipelineStage> stages() {
    Dataset<Row> rows =
        LocalSpark.session()
            .createDataFrame(
                List.of(
                    row((short) 0, "a tent", (byte) 0, 1f, 0f, 0.2f),
                    row((short) 1, "a stove", (byte) 1, 0f, 1f, 0.1f),
                    row((short) 2, "a pan", (byte) 1, 0.1f, 1f, 0.3f)),
                INPUT);
    NearestNeighbors neighbors = new NearestNeighbors();
    NearestNeighborsModel found = neighbors.fit(rows);
    SemanticMap map = new SemanticMap();
    SemanticMapModel fitted = map.fit(rows);
    VectorClassifier classifier = new VectorClassifier();
    return List.of(
        new InstructorEmbedder(),
        neighbors,
        found,
        map,
        fitted,
        classifier,
        classifier.fit(rows),
        new TopicTerms());
  }

  private static Row row(short id, String text, byte label, Float... vector) {
    return RowFactory.create(id, text, label, (int) label, Arrays.asList(vector));
  }

  /** Those that Spark finds as services are all that there are. */
  private static void requireAll(List<PipelineStage> stages) {
    Set<String> services = new TreeSet<>();
    for (String kind : List.of("Estimator", "Transformer")) {
      try {
        for (URL file :
            Collections.list(
                ParamsPage.class
                    .getClassLoader()
                    .getResources("META-INF/services/org.apache.spark.ml." + kind))) {
          try (var in = file.openStream()) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("io.instructorspark."))
                .forEach(services::add);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    Set<String> here =
        stages.stream()
            .map(stage -> stage.getClass().getName())
            .collect(Collectors.toCollection(TreeSet::new));
    if (!here.equals(services)) {
      throw new IllegalStateException("the page has " + here + ", and there are " + services);
    }
  }

  private static String name(PipelineStage stage) {
    return stage.getClass().getSimpleName();
  }

  private static void stage(Markdown page, PipelineStage stage) {
    page.section(name(stage));
    page.paragraph(kind(stage));
    List<List<String>> columns = new ArrayList<>();
    for (Param<?> param : stage.params()) {
      if (param.name().endsWith("Col")) {
        columns.add(
            List.of(Markdown.code(param.name()), part(stage, param.name())));
      }
    }
    page.table(List.of("param", "its column"), columns);
    List<List<String>> rows = new ArrayList<>();
    sorted(stage)
        .forEach(
            param ->
                rows.add(
                    List.of(
                        Markdown.code(param.name()) + (isSetting(stage, param) ? " †" : ""),
                        type(param),
                        otherwise(stage, param),
                        setter(stage, param),
                        Markdown.prose(param.doc()))));
    page.table(List.of("param", "type", "default", "setter", "meaning"), rows);
  }

  private static String kind(PipelineStage stage) {
    if (stage instanceof Estimator<?>) {
      return "An estimator, which fits [`%1$sModel`](#%2$smodel)."
          .formatted(name(stage), Markdown.anchor(name(stage)));
    }
    boolean adds = List.of(output(stage, INPUT).fieldNames()).contains("id");
    String model =
        name(stage).endsWith("Model")
            ? "The model that [`%s`](#%s) fits."
                .formatted(
                    name(stage).replaceFirst("Model$", ""),
                    Markdown.anchor(name(stage).replaceFirst("Model$", "")))
            : "A transformer.";
    return model
        + (adds
            ? " The output has all columns of the input, and those that are added."
            : " The output has the columns "
                + Markdown.codes(List.of(output(stage, INPUT).fieldNames()))
                + " alone.");
  }

  /** Columns first, then what is also a setting, then the rest. */
  private static Stream<Param<?>> sorted(PipelineStage stage) {
    return Arrays.<Param<?>>stream(stage.params())
        .sorted(
            Comparator.comparing(
                param -> param.name().endsWith("Col") ? 0 : isSetting(stage, param) ? 1 : 2));
  }

  private static boolean isSetting(PipelineStage stage, Param<?> param) {
    return stage instanceof InstructorEmbedder
        && Arrays.stream(SessionSetting.values())
            .flatMap(setting -> setting.param().stream())
            .anyMatch(other -> other.name().equals(param.name()));
  }

  private static String type(Param<?> param) {
    return switch (param.getClass().getSimpleName()) {
      case "Param" -> "string";
      case "IntParam" -> "int";
      case "LongParam" -> "long";
      case "DoubleParam" -> "double";
      case "BooleanParam" -> "boolean";
      case "StringArrayParam" -> "array of strings";
      default -> throw new IllegalStateException("no word for the type of " + param);
    };
  }

  private static String otherwise(PipelineStage stage, Param<?> param) {
    if (!stage.hasDefault(param)) {
      return "not set";
    }
    Object value = stage.getDefault(param).get();
    if (value instanceof String[] words) {
      if (!Arrays.equals(words, StopWordsRemover.loadDefaultStopWords("english"))) {
        throw new IllegalStateException("no short word for the default of " + param);
      }
      return Markdown.code(ENGLISH);
    }
    return Markdown.code(value.equals("") ? "\"\"" : value.toString());
  }

  private static String setter(PipelineStage stage, Param<?> param) {
    String name =
        "set" + Character.toUpperCase(param.name().charAt(0)) + param.name().substring(1);
    return Arrays.stream(stage.getClass().getMethods())
        .filter(method -> method.getName().equals(name) && method.getReturnType() == stage.getClass())
        .findFirst()
        .map(method -> Markdown.code(name + "(" + method.getParameterTypes()[0].getSimpleName() + ")"))
        .orElse("");
  }

  /** What a column is to a stage: found by giving the param a new name, and by trying types. */
  private static String part(PipelineStage stage, String param) {
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
    return refused.size() < 3
        ? "any type but " + Markdown.codes(refused)
        : Markdown.codes(taken);
  }

  private static String described(PipelineStage stage, DataType type) {
    String words = type.simpleString();
    for (Map.Entry<String, DataType> traced : TRACED.entrySet()) {
      words = words.replace(traced.getValue().simpleString(), traced.getKey().toUpperCase(Locale.ROOT));
    }
    String described = Markdown.code(words);
    if (words.contains("ID")) {
      described += ", where `ID` is the type of `idCol`";
    }
    if (words.contains("LABEL")) {
      described +=
          name(stage).endsWith("Model")
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
