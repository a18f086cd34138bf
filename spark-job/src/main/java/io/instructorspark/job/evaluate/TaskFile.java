package io.instructorspark.job.evaluate;

import io.instructorspark.job.rows.Spelling;
import io.instructorspark.job.yaml.YamlFile;
import io.instructorspark.job.yaml.YamlSection;
import io.instructorspark.spark.InstructionCatalog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A task's YAML: {@code name}, {@code category}, {@code metric}, {@code files} and {@code
 * instructions} by role, for classification a {@code procedure}; optional are {@code paraphrases}
 * by role, {@code domain} and {@code note}.
 */
record TaskFile(Path path, YamlSection yaml) {
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._+-]{0,99}");
  private static final String PARAPHRASES = "paraphrases";

  /** How many paraphrases of an instruction are scored (paper section 4). */
  static final int PARAPHRASED = 5;

  /**
   * Reads and checks one.
   *
   * @throws io.instructorspark.job.yaml.YamlException if anything in it is not as expected
   */
  static TaskSpec read(Path path) {
    return new TaskFile(path, YamlFile.read(path)).spec();
  }

  private TaskSpec spec() {
    yaml.only(
        "name",
        "category",
        "metric",
        "files",
        "instructions",
        "procedure",
        PARAPHRASES,
        "domain",
        "note");
    yaml.string("note");
    String name = required("name", "the task's name");
    if (!NAME.matcher(name).matches()) {
      throw yaml.refused(
          "name",
          "must be at most 100 letters, digits, spaces or . _ + -, got '%s'".formatted(name));
    }
    Category category = category();
    requireMetric(category);
    return new TaskSpec(
        name,
        category,
        procedure(category),
        files(category),
        instructions(category),
        paraphrases(category),
        yaml.string("domain"));
  }

  private String required(String key, String expected) {
    return yaml.string(key)
        .filter(value -> !value.isBlank())
        .orElseThrow(() -> yaml.missing(key, expected));
  }

  private Category category() {
    String given = required("category", "one of " + Category.choices());
    return Arrays.stream(Category.values())
        .filter(one -> one.label().equals(given))
        .findFirst()
        .orElseThrow(() -> unknown("category", given, Category.labels()));
  }

  private RuntimeException unknown(String key, String given, List<String> choices) {
    List<String> near = Spelling.near(given, choices);
    return yaml.refused(
        key,
        "is '%s'; expected one of %s%s"
            .formatted(
                given,
                String.join(", ", choices),
                near.isEmpty() ? "" : " (did you mean %s?)".formatted(near.get(0))));
  }

  private void requireMetric(Category category) {
    String metric = required("metric", "'%s'".formatted(category.metric()));
    if (!metric.equals(category.metric())) {
      throw yaml.refused(
          "metric",
          "is '%s'; tasks of category %s are scored by '%s'"
              .formatted(metric, category.label(), category.metric()));
    }
  }

  private Procedure procedure(Category category) {
    Optional<String> given = yaml.string("procedure");
    List<String> choices =
        category == Category.CLASSIFICATION
            ? Arrays.stream(Procedure.values()).map(Procedure::label).toList()
            : List.of(Procedure.MTEB.label());
    given.ifPresent(
        one -> {
          if (!choices.contains(one)) {
            throw unknown("procedure", one, choices);
          }
        });
    return given.map(one -> Procedure.valueOf(one.toUpperCase(Locale.ROOT))).orElse(Procedure.MTEB);
  }

  private Map<String, Path> files(Category category) {
    List<String> roles = category.files();
    YamlSection given =
        yaml.section("files")
            .orElseThrow(() -> yaml.missing("files", "a file for each of " + roles));
    given.only(
        Stream.concat(roles.stream(), category.otherFiles().stream()).toArray(String[]::new));
    Map<String, Path> files = new LinkedHashMap<>();
    for (String role : roles) {
      String file =
          given
              .string(role)
              .orElseThrow(() -> given.missing(role, "a file, its path relative to this YAML"));
      Path place = path.resolveSibling(file).normalize();
      if (!Files.isRegularFile(place) || !Files.isReadable(place)) {
        throw given.refused(role, "is '%s', and there is no such file (%s)".formatted(file, place));
      }
      files.put(role, place);
    }
    return files;
  }

  private Map<String, String> instructions(Category category) {
    YamlSection given =
        yaml.section("instructions")
            .orElseThrow(() -> yaml.missing("instructions", "one for each of " + category.roles()));
    given.only(category.roles().toArray(String[]::new));
    Map<String, String> instructions = new LinkedHashMap<>();
    for (String role : category.roles()) {
      instructions.put(
          role,
          given
              .string(role, InstructionCatalog.current()::resolve)
              .filter(one -> !one.isBlank())
              .orElseThrow(() -> given.missing(role, "the instruction of such texts, not empty")));
    }
    return instructions;
  }

  private Map<String, List<String>> paraphrases(Category category) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    yaml.section(PARAPHRASES)
        .ifPresent(
            given -> {
              given.only(category.roles().toArray(String[]::new));
              for (String role : given.keys()) {
                List<String> some = given.strings(role).orElseThrow();
                if (some.size() != PARAPHRASED || some.stream().anyMatch(String::isBlank)) {
                  throw given.refused(
                      role,
                      "has %d sentences; expected %d, none of them empty"
                          .formatted(some.size(), PARAPHRASED));
                }
                all.put(role, some);
              }
            });
    return all;
  }
}
