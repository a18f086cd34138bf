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
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.StopWordsRemover;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** The params of all stages, and the columns that they read and add, by what the stages say. */
final class ParamsPage {
  private static final String ENGLISH = "StopWordsRemover.loadDefaultStopWords(\"english\")";

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
                StageColumns.INPUT);
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
        columns.add(List.of(Markdown.code(param.name()), StageColumns.part(stage, param.name())));
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
    boolean adds = List.of(StageColumns.output(stage).fieldNames()).contains("id");
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
                + Markdown.codes(List.of(StageColumns.output(stage).fieldNames()))
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
    String name = "set" + Character.toUpperCase(param.name().charAt(0)) + param.name().substring(1);
    return Arrays.stream(stage.getClass().getMethods())
        .filter(
            method -> method.getName().equals(name) && method.getReturnType() == stage.getClass())
        .findFirst()
        .map(
            method ->
                Markdown.code(name + "(" + method.getParameterTypes()[0].getSimpleName() + ")"))
        .orElse("");
  }
}
