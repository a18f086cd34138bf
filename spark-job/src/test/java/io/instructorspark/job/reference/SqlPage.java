package io.instructorspark.job.reference;

import io.instructorspark.job.LocalSpark;
import io.instructorspark.spark.InstructorFunctions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.types.StructField;
import scala.jdk.javaapi.CollectionConverters;

/** The SQL functions, by what a session knows of them. */
final class SqlPage {
  private static final SparkSession SESSION = session();
  private static final Pattern USAGE = Pattern.compile("(\\w+)\\((.*?)\\) - (.*)", Pattern.DOTALL);
  private static final Pattern EXAMPLE = Pattern.compile("> (.*);\\R {7}(.*)\\R");

  /** The node of plans that embeds. */
  static final String OPERATOR = "InstructorEmbed";

  /** A query, and what its function's description says that it prints. */
  record Example(String query, String result) {}

  private SqlPage() {}

  private static SparkSession session() {
    SparkSession session = LocalSpark.session().newSession();
    InstructorFunctions.register(session);
    return session;
  }

  static String markdown() {
    List<String> names = names();
    Markdown page =
        Markdown.page(
            "SQL functions",
            "The functions that `spark.sql.extensions=io.instructorspark.spark.InstructorExtensions`, or"
                + " `InstructorFunctions.register(spark)`, gives a session, as `DESCRIBE FUNCTION EXTENDED` has them. Arguments are given by"
                + " place, not by name. Model and mode are those of the [session's settings](configuration.md#settings-of-spark).",
            names);
    for (String name : names) {
      function(page, name, info(name));
    }
    return page.toString();
  }

  static List<Example> examples() {
    List<Example> examples = new ArrayList<>();
    for (String name : names()) {
      examples.addAll(examples(info(name)));
    }
    return examples;
  }

  /** The rows of a query as lines, columns apart by a tab. */
  static String printed(String query) {
    return SESSION.sql(query).collectAsList().stream()
        .map(SqlPage::printed)
        .collect(Collectors.joining("\n"));
  }

  private static String printed(Row row) {
    return IntStream.range(0, row.size())
        .mapToObj(i -> row.isNullAt(i) ? "NULL" : Objects.toString(row.get(i)))
        .collect(Collectors.joining("\t"));
  }

  /** What the node of a plan that embeds counts, in its order. */
  static List<String> operatorMetrics() {
    SparkPlan plan =
        ((org.apache.spark.sql.classic.Dataset<Row>)
                SESSION.sql("SELECT instructor_embed('', CAST(id AS STRING)) FROM range(1)"))
            .queryExecution()
            .sparkPlan();
    return nodes(plan)
        .filter(node -> node.nodeName().equals(OPERATOR))
        .flatMap(node -> CollectionConverters.asJava(node.metrics().values().toSeq()).stream())
        .map(metric -> metric.name().get())
        .toList();
  }

  private static Stream<SparkPlan> nodes(SparkPlan plan) {
    return Stream.concat(
        Stream.of(plan),
        CollectionConverters.asJava(plan.children()).stream().flatMap(SqlPage::nodes));
  }

  private static List<String> names() {
    return SESSION.sql("SHOW USER FUNCTIONS").collectAsList().stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  private static ExpressionInfo info(String name) {
    return ((org.apache.spark.sql.classic.SparkSession) SESSION)
        .sessionState()
        .catalog()
        .lookupFunctionInfo(new FunctionIdentifier(name));
  }

  private static List<Example> examples(ExpressionInfo info) {
    List<Example> examples = new ArrayList<>();
    Matcher example = EXAMPLE.matcher(replaced(info.getExamples(), info));
    while (example.find()) {
      examples.add(new Example(example.group(1), example.group(2)));
    }
    return examples;
  }

  private static String replaced(String text, ExpressionInfo info) {
    return text.replace("_FUNC_", info.getName());
  }

  private static void function(Markdown page, String name, ExpressionInfo info) {
    Matcher usage = USAGE.matcher(replaced(info.getUsage(), info).strip());
    if (!usage.matches()) {
      throw new IllegalStateException(name + " has a usage of another form: " + info.getUsage());
    }
    StructField returned = returned(name, usage.group(2));
    page.section(name)
        .fenced("sql", List.of("%s(%s)".formatted(name, usage.group(2))))
        .paragraph(Markdown.prose(usage.group(3)))
        .table(List.of("argument", "type and meaning"), arguments(info))
        .paragraph(
            "Type: %s, %s. Since %s."
                .formatted(
                    Markdown.code(returned.dataType().simpleString()),
                    returned.nullable() ? "may be null" : "never null",
                    info.getSince()))
        .paragraph(Markdown.prose(note(info)));
    List<String> lines = new ArrayList<>();
    for (Example example : examples(info)) {
      lines.add("> " + example.query() + ";");
      lines.add(example.result());
    }
    page.fenced("", lines);
  }

  private static String note(ExpressionInfo info) {
    return replaced(info.getNote(), info).strip();
  }

  private static List<List<String>> arguments(ExpressionInfo info) {
    return info.getArguments()
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("* "))
        .map(line -> line.substring(2).split(" - ", 2))
        .map(parts -> List.of(Markdown.code(parts[0]), Markdown.prose(parts[1])))
        .toList();
  }

  /** The column that a call with nulls of the arguments' types has. */
  private static StructField returned(String name, String parameters) {
    String type = name.startsWith("vector_") ? "ARRAY<FLOAT>" : "STRING";
    String nulls =
        Arrays.stream(parameters.replaceAll("\\s*\\[.*", "").split(","))
            .map(parameter -> "CAST(NULL AS %s)".formatted(type))
            .collect(Collectors.joining(", "));
    return SESSION.sql("SELECT %s(%s)".formatted(name, nulls)).schema().apply(0);
  }
}
