package io.instructorspark.job.reference;

import io.instructorspark.checkpoint.remote.MachineVariable;
import io.instructorspark.job.command.SystemProperty;
import io.instructorspark.spark.ExecutorMetric;
import io.instructorspark.spark.InstructorPlugin;
import io.instructorspark.spark.SessionSetting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What can be set from outside, by the places where the code reads it. */
final class ConfigurationPage {
  private static final String SETTINGS = "Settings of Spark";
  private static final String LAUNCHER = "Environment of the launcher";
  private static final String MACHINES = "Environment of each machine";
  private static final String PROPERTIES = "System properties";
  private static final String METRICS = "Metrics of the plugin";
  private static final String OPERATOR = "Metrics of the operator";

  private static final Path ROOT = Path.of("..");
  private static final Pattern SETTING = Pattern.compile("spark\\.instructor\\.([a-z]\\w*)");
  private static final Pattern DESCRIBED = Pattern.compile("(?m)^# {3}([A-Z_]+) +(.*)$");
  private static final Pattern READ = Pattern.compile("\\$\\{?([A-Z][A-Z_]+)");

  private ConfigurationPage() {}

  static String markdown() {
    Markdown page =
        Markdown.page(
            "Settings, variables and metrics",
            "What can be set from outside the program. What a command's option or a stage's setter says comes first, then a setting of"
                + " Spark, then the default.",
            List.of(SETTINGS, LAUNCHER, MACHINES, PROPERTIES, METRICS, OPERATOR));
    page.section(SETTINGS)
        .paragraph(
            "By `--conf KEY=VALUE`, in `spark-defaults.conf`, or in a session by `spark.conf().set(KEY, VALUE)` and `SET KEY=VALUE`."
                + " Those with a param stand in for it, wherever an [`InstructorEmbedder`](params.md#instructorembedder) or an"
                + " [SQL function](sql.md) embeds, and in the plugin.")
        .table(
            List.of("key", "type", "default", "stands in for", "read", "meaning"),
            Arrays.stream(SessionSetting.values()).map(ConfigurationPage::row).toList());
    page.section(LAUNCHER)
        .paragraph("`scripts/instructor` reads these.")
        .table(
            List.of("variable", "meaning"),
            launcherVariables().entrySet().stream()
                .map(entry -> named(entry.getKey(), entry.getValue()))
                .toList());
    page.section(MACHINES)
        .paragraph(
            "The driver and each executor read these of their own environment. What is blank counts as not set. Those that begin with"
                + " `HF_`, `HUGGING` or `TRANSFORMERS` mean what they mean to the Hugging Face hub's Python client.")
        .table(
            List.of("variable", "meaning"),
            Arrays.stream(MachineVariable.values())
                .map(variable -> named(variable.name(), variable.meaning()))
                .toList());
    page.section(PROPERTIES)
        .paragraph(
            "As `-DKEY=VALUE` of the driver's JVM. `scripts/instructor` sets all of them; `INSTRUCTOR_JAVA_OPTS` comes behind and wins.")
        .table(
            List.of("property", "meaning"),
            Arrays.stream(SystemProperty.values())
                .map(property -> named(property.key(), property.meaning()))
                .toList());
    page.section(METRICS)
        .paragraph(
            "With `spark.plugins=%s`, in Spark's metrics system under `plugin.%s`: gauges of each executor's JVM. All but `%s` and `%s` only grow."
                .formatted(
                    InstructorPlugin.class.getName(),
                    InstructorPlugin.class.getName(),
                    ExecutorMetric.MODELS_LOADED.metric(),
                    ExecutorMetric.QUEUE_WAITING.metric()))
        .table(
            List.of("metric", "meaning"),
            Arrays.stream(ExecutorMetric.values())
                .map(metric -> named(metric.metric(), metric.meaning()))
                .toList());
    page.section(OPERATOR)
        .paragraph(
            "The SQL page of Spark's UI shows for each `%s` of a query, summed over its tasks:"
                .formatted(SqlPage.OPERATOR))
        .list(SqlPage.operatorMetrics());
    return page.toString();
  }

  private static List<String> row(SessionSetting setting) {
    return List.of(
        Markdown.code(setting.key()),
        setting.type(),
        setting.defaultValue().isEmpty() ? "" : Markdown.code(setting.defaultValue()),
        setting.param().map(param -> Markdown.code(param.name())).orElse(""),
        setting.reading() == SessionSetting.Reading.QUERY
            ? "for each query"
            : "at the application's start",
        Markdown.prose(setting.meaning()));
  }

  private static List<String> named(String name, String meaning) {
    return List.of(Markdown.code(name), Markdown.prose(meaning));
  }

  static List<String> keys() {
    return Arrays.stream(SessionSetting.values()).map(SessionSetting::key).toList();
  }

  /** Keys that sources, documents and files of settings name, each with one that does. */
  static Map<String, String> namedSettings() throws IOException {
    Map<String, String> found = new TreeMap<>();
    for (String place :
        List.of(
            "udfs/src/main",
            "spark-job/src/main",
            "docs",
            "conf",
            "notebooks",
            "deploy",
            "scripts",
            "README.md")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(place))) {
        for (Path file : files.filter(ConfigurationPage::isText).sorted().toList()) {
          Matcher setting = SETTING.matcher(Files.readString(file));
          while (setting.find()) {
            found.putIfAbsent(setting.group(), file.toString());
          }
        }
      }
    }
    return found;
  }

  /** Hidden folders hold what scripts have made, as Python environments. */
  private static boolean isText(Path file) {
    for (Path name : ROOT.relativize(file)) {
      if (name.toString().startsWith(".")) {
        return false;
      }
    }
    return Files.isRegularFile(file)
        && (!file.getFileName().toString().contains(".")
            || file.toString().matches(".*\\.(java|py|md|conf|yaml|yml|sh|sql|ipynb|zpln)"));
  }

  /** By the launcher's own head, in its order. */
  static Map<String, String> launcherVariables() {
    Map<String, String> variables = new LinkedHashMap<>();
    Matcher described = DESCRIBED.matcher(read("scripts/instructor"));
    while (described.find()) {
      variables.put(described.group(1), described.group(2));
    }
    return variables;
  }

  static Set<String> variablesThatTheLauncherReads() {
    Set<String> read = new TreeSet<>();
    Matcher variable =
        READ.matcher(
            (read("scripts/instructor") + read("scripts/lib/built.sh"))
                .replaceAll("(?m)^#.*$", ""));
    while (variable.find()) {
      read.add(variable.group(1));
    }
    read.removeAll(Set.of("BASH_SOURCE", "SECONDS"));
    return read;
  }

  private static String read(String file) {
    try {
      return Files.readString(ROOT.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
