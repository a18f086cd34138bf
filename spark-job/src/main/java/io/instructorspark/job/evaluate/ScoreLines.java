package io.instructorspark.job.evaluate;

import static io.instructorspark.job.evaluate.Figures.fields;
import static io.instructorspark.job.evaluate.Figures.put;

import io.instructorspark.job.evaluate.Results.Contrast;
import io.instructorspark.job.evaluate.Results.Side;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was scored, for programs: each map becomes a line of JSON. */
final class ScoreLines {
  private ScoreLines() {}

  /** One for each task, model and usual variant. */
  static List<Map<String, Object>> scores(Results results) {
    return results.all().stream()
        .filter(one -> results.variants().contains(one.variant().name()))
        .map(ScoreLines::line)
        .toList();
  }

  private static Map<String, Object> line(Result of) {
    Map<String, Object> line =
        fields(
            "task", of.task().name(),
            "category", of.task().category().label(),
            "metric", of.task().category().metric(),
            "model", of.model(),
            "instruction", of.variant().name());
    put(line, "score", of.sample().estimate());
    line.put("n", of.items());
    line.put("without_vector", of.missing().texts());
    line.put("instructions", of.variant().instructions());
    if (!of.variant().origin().isEmpty()) {
      line.put("instructions_of", of.variant().origin());
    }
    if (!of.parts().isEmpty()) {
      Map<String, Object> parts = new LinkedHashMap<>();
      of.parts().forEach((name, part) -> put(parts, name, part.estimate()));
      line.put("parts", parts);
    }
    return line;
  }

  /** Averages of each model and variant, then differences, at each level. */
  static List<Map<String, Object>> summary(Results results) {
    List<Map<String, Object>> lines = new ArrayList<>();
    for (Side side : results.sides()) {
      results
          .levels(results.on(side))
          .forEach(
              (level, sample) -> {
                if (!level.get(0).equals("task")) {
                  lines.add(
                      put(
                          fields(
                              "level",
                              level.get(0),
                              "name",
                              level.get(1),
                              "model",
                              side.model(),
                              "instruction",
                              side.variant()),
                          "score",
                          sample.estimate()));
                }
              });
    }
    for (Contrast contrast : results.contrasts()) {
      results
          .levels(results.on(contrast))
          .forEach((level, sample) -> lines.add(difference(contrast, level, sample.estimate())));
    }
    return lines;
  }

  private static Map<String, Object> difference(
      Contrast contrast, List<String> level, Estimate gap) {
    Map<String, Object> line =
        fields(
            "level", level.get(0),
            "name", level.get(1),
            "model", contrast.side().model(),
            "instruction", contrast.side().variant(),
            "minus_model", contrast.against().model(),
            "minus_instruction", contrast.against().variant());
    put(line, "difference", gap);
    line.put("within_noise", gap.isNoise());
    return line;
  }

  /** The lines of analyses. */
  static List<Map<String, Object>> analyses(List<AnalysisTable> tables) {
    List<Map<String, Object>> lines = new ArrayList<>();
    for (AnalysisTable table : tables) {
      for (AnalysisTable.Line one : table.lines()) {
        Map<String, Object> line = fields("analysis", table.analysis().label());
        line.putAll(one.fields());
        lines.add(line);
      }
    }
    return lines;
  }
}
