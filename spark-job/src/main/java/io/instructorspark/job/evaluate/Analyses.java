package io.instructorspark.job.evaluate;

import static io.instructorspark.job.evaluate.Figures.fields;
import static io.instructorspark.job.evaluate.Figures.put;
import static io.instructorspark.job.evaluate.Figures.said;

import io.instructorspark.job.evaluate.AnalysisTable.Line;
import io.instructorspark.job.evaluate.Results.Contrast;
import io.instructorspark.job.evaluate.Results.Side;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Makes the tables of analyses from what was scored.
 *
 * @param parameters how many each model has, by its name; needed for the analysis of size alone
 */
record Analyses(Results results, Map<String, Long> parameters) {
  private static final List<String> LEVELS =
      List.of(Variant.NONE, Variants.TAG, Variants.SIMPLE, Variant.OWN);

  AnalysisTable of(Analysis analysis) {
    return switch (analysis) {
      case COMPLEXITY -> complexity();
      case ROBUSTNESS -> new Robustness(this).table();
      case INSTRUCTIONS -> instructions();
      case SIZE -> size();
      case SHIFT -> new DomainShift(this).table();
    };
  }

  /** A line's label, with its model where there are several. */
  String named(String model, String label) {
    return results.models().size() > 1 ? model + ": " + label : label;
  }

  private AnalysisTable complexity() {
    List<TaskSpec> tasks = having(Variants.SIMPLE);
    List<Line> lines = new ArrayList<>();
    for (String model : tasks.isEmpty() ? List.<String>of() : results.models()) {
      Side none = new Side(model, Variant.NONE);
      for (String level : LEVELS) {
        Side side = new Side(model, level);
        Estimate mean = results.over(tasks, results.on(side)).estimate();
        Estimate gain = results.over(tasks, results.on(new Contrast(side, none))).estimate();
        String label = level.equals(Variant.OWN) ? "detailed" : level;
        Map<String, Object> told = fields("model", model, "level", label, "tasks", tasks.size());
        lines.add(
            new Line(
                named(model, label),
                List.of(Figures.score(mean), Figures.gap(gain)),
                mean,
                put(put(told, "score", mean), "minus_none", gain)));
      }
    }
    return new AnalysisTable(
        Analysis.COMPLEXITY,
        "Complexity of instructions",
        List.of("mean over tasks", "against none"),
        lines,
        "mean over tasks",
        List.of(
            "A tag is the task's name (“%s”), simple is domain and text type (“Wikipedia Questions; Input: ”), detailed is the task's own instruction."
                .formatted(InstructionParts.tag("natural questions")),
            leftOut(tasks, "their instruction is not of the form “Represent the … for …: ”")));
  }

  /** The tasks that were scored with a variant. */
  List<TaskSpec> having(String variant) {
    return results.tasks().stream()
        .filter(task -> results.of(task, new Side(results.models().get(0), variant)).isPresent())
        .toList();
  }

  /** Which tasks are not among some, and why. */
  String leftOut(List<TaskSpec> tasks, String reason) {
    List<String> others =
        results.tasks().stream().filter(task -> !tasks.contains(task)).map(TaskSpec::name).toList();
    return others.isEmpty()
        ? "All %,d tasks are in it.".formatted(tasks.size())
        : "Left out, as %s: %s.".formatted(reason, String.join(", ", others));
  }

  private AnalysisTable instructions() {
    List<Line> lines = new ArrayList<>();
    for (String model : results.models()) {
      for (Category category : results.categories()) {
        Function<Function<TaskSpec, Sample>, Sample> mean =
            scored -> results.over(results.in(category), scored);
        lines.add(against(model, category.spoken(), results.in(category).size(), mean));
      }
      lines.add(
          against(
              model,
              "all tasks",
              results.tasks().size(),
              scored -> results.over(results.tasks(), scored)));
    }
    return new AnalysisTable(
        Analysis.INSTRUCTIONS,
        "With instructions against without",
        List.of("tasks", "with", "without", "difference"),
        lines,
        "difference",
        List.of("Means over tasks; items and tasks are resampled for the intervals."));
  }

  private Line against(
      String model, String label, int tasks, Function<Function<TaskSpec, Sample>, Sample> mean) {
    Side own = new Side(model, Variant.OWN);
    Side none = new Side(model, Variant.NONE);
    Estimate with = mean.apply(results.on(own)).estimate();
    Estimate without = mean.apply(results.on(none)).estimate();
    Estimate gap = mean.apply(results.on(new Contrast(own, none))).estimate();
    return new Line(
        named(model, label),
        List.of(
            String.valueOf(tasks), Figures.score(with), Figures.score(without), Figures.gap(gap)),
        gap,
        put(
            put(
                put(fields("model", model, "group", label, "tasks", tasks), "with", with),
                "without",
                without),
            "difference",
            gap));
  }

  private AnalysisTable size() {
    List<Line> lines = new ArrayList<>();
    List<String> bySize =
        results.models().stream()
            .sorted(Comparator.comparingLong(model -> parameters.get(model)))
            .toList();
    for (String model : bySize) {
      Line line =
          against(
              model,
              said("%,d parameters", parameters.get(model)),
              results.tasks().size(),
              scored -> results.over(results.tasks(), scored));
      line.fields().put("parameters", parameters.get(model));
      lines.add(
          new Line(
              line.label(),
              line.figures(),
              results.over(results.tasks(), results.on(new Side(model, Variant.OWN))).estimate(),
              line.fields()));
    }
    return new AnalysisTable(
        Analysis.SIZE,
        "Size of models",
        List.of("tasks", "with", "without", "difference"),
        lines,
        "mean over tasks, with instructions",
        List.of("Models in the order of their number of parameters."));
  }
}
