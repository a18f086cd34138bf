package io.instructorspark.job.tables;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What docs/tables.md shows, to be run. */
final class TablesPage {
  static final String EXTENSIONS = "spark.sql.extensions";

  private static final Pattern FENCE = Pattern.compile("```(\\w+)\\R(.*?)```", Pattern.DOTALL);
  private static final Pattern FORMAT = Pattern.compile("-- (Delta|Iceberg)\\R");

  private TablesPage() {}

  /** The settings of all formats; the extensions of each, together. */
  static Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    blocks("properties").stream()
        .flatMap(String::lines)
        .map(line -> line.split("\\s+", 2))
        .forEach(setting -> settings.merge(setting[0], setting[1], TablesPage::united));
    return settings;
  }

  private static String united(String one, String other) {
    List<String> values = new ArrayList<>(List.of(one.split(",")));
    Arrays.stream(other.split(",")).filter(value -> !values.contains(value)).forEach(values::add);
    return String.join(",", values);
  }

  /** The statements for a format, in order. */
  static List<String> statements(TableFormat format) {
    return blocks("sql").stream()
        .filter(block -> isFor(format, block))
        .map(block -> FORMAT.matcher(block).replaceFirst(""))
        .flatMap(block -> Arrays.stream(block.split(";\\R\\s*")))
        .map(statement -> statement.replace("USING delta", "USING " + format.source()))
        .toList();
  }

  private static boolean isFor(TableFormat format, String block) {
    Matcher named = FORMAT.matcher(block);
    return !named.lookingAt() || named.group(1).equalsIgnoreCase(format.source());
  }

  private static List<String> blocks(String language) {
    List<String> blocks = new ArrayList<>();
    Matcher fence = FENCE.matcher(text());
    while (fence.find()) {
      if (fence.group(1).equals(language)) {
        blocks.add(fence.group(2));
      }
    }
    return blocks;
  }

  private static String text() {
    try {
      return Files.readString(Path.of("../docs/tables.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
