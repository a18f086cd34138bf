package io.instructorspark.job.evaluate;

import static io.instructorspark.job.evaluate.Figures.fields;
import static io.instructorspark.job.evaluate.Figures.put;
import static io.instructorspark.job.evaluate.Figures.said;

import io.instructorspark.job.evaluate.AnalysisTable.Line;
import io.instructorspark.job.evaluate.Results.Contrast;
import io.instructorspark.job.evaluate.Results.Side;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

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
      case ROBUSTNESS -> robustness();
      case INSTRUCTIONS -> instructions();
      case SIZE -> size();
      case SHIFT -> shift();
    };
  }

  private String named(String model, String label) {
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

  private List<TaskSpec> having(String variant) {
    return results.tasks().stream()
        .filter(task -> results.of(task, new Side(results.models().get(0), variant)).isPresent())
        .toList();
  }

  private String leftOut(List<TaskSpec> tasks, String reason) {
    List<String> others =
        results.tasks().stream().filter(task -> !tasks.contains(task)).map(TaskSpec::name).toList();
    return others.isEmpty()
        ? "All %,d tasks are in it.".formatted(tasks.size())
        : "Left out, as %s: %s.".formatted(reason, String.join(", ", others));
  }

  private AnalysisTable robustness() {
    List<TaskSpec> tasks = having(Variants.paraphrase(0));
    List<Line> lines = new ArrayList<>();
    for (String model : results.models()) {
      for (TaskSpec task : tasks) {
        double own = results.on(new Side(model, Variant.OWN)).apply(task).value();
        double[] scores =
            IntStream.range(0, TaskFile.PARAPHRASED)
                .mapToDouble(
                    i -> results.on(new Side(model, Variants.paraphrase(i))).apply(task).value())
                .toArray();
        lines.add(spread(model, task.name(), own, scores));
      }
    }
    return new AnalysisTable(
        Analysis.ROBUSTNESS,
        "Robustness to paraphrases",
        List.of("own", "mean", "least", "most", "spread", "standard deviation"),
        lines,
        "from the least to the most of five paraphrases",
        List.of(
            "Five paraphrases of each instruction; the spread is the most less the least. Where the task's file gives none, they are made of the instruction's own words in five other sentences.",
            lines.isEmpty()
                ? ""
                : said(
                    "The mean spread is %.1f points.",
                    100
                        * lines.stream()
                            .mapToDouble(line -> (double) line.fields().get("spread"))
                            .average()
                            .orElseThrow()),
            leftOut(tasks, "their instruction is not of the form “Represent the … for …: ”")));
  }

  private Line spread(String model, String task, double own, double[] scores) {
    double least =
        IntStream.range(0, scores.length).mapToDouble(i -> scores[i]).min().orElseThrow();
    double most = IntStream.range(0, scores.length).mapToDouble(i -> scores[i]).max().orElseThrow();
    double mean = java.util.Arrays.stream(scores).average().orElseThrow();
    double squares = java.util.Arrays.stream(scores).map(one -> (one - mean) * (one - mean)).sum();
    double deviation = Math.sqrt(squares / (scores.length - 1));
    return new Line(
        named(model, task),
        List.of(
            Figures.score(own),
            Figures.score(mean),
            Figures.score(least),
            Figures.score(most),
            said("%.2f", 100 * (most - least)),
            said("%.2f", 100 * deviation)),
        new Estimate(mean, least, most),
        fields(
            "model",
            model,
            "task",
            task,
            "own",
            own,
            "mean",
            mean,
            "least",
            least,
            "most",
            most,
            "spread",
            most - least,
            "standard_deviation",
            deviation));
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

  private AnalysisTable shift() {
    List<Line> lines = new ArrayList<>();
    LinkedHashSet<String> domains = new LinkedHashSet<>();
    results.tasks().forEach(task -> task.domain().ifPresent(domains::add));
    String base = results.models().get(0);
    boolean several = results.models().size() > 1;
    for (String domain : domains) {
      List<TaskSpec> tasks =
          results.tasks().stream()
              .filter(task -> task.domain().filter(domain::equals).isPresent())
              .toList();
      for (String model :
          several ? results.models().subList(1, results.models().size()) : results.models()) {
        Side side = new Side(model, Variant.OWN);
        Side against = several ? new Side(base, Variant.OWN) : new Side(model, Variant.NONE);
        lines.add(shifted(domain, tasks, side, against));
      }
    }
    return new AnalysisTable(
        Analysis.SHIFT,
        "Shift of domain",
        List.of("tasks", "base", "model", "gain in points", "gain in %"),
        lines,
        "gain in points",
        List.of(
            several
                ? "The gain is over %s, with instructions on both sides.".formatted(base)
                : "The gain is over the same model without instructions; with several --model it is over the first."));
  }

  private Line shifted(String domain, List<TaskSpec> tasks, Side side, Side against) {
    Estimate base = results.over(tasks, results.on(against)).estimate();
    Estimate score = results.over(tasks, results.on(side)).estimate();
    Estimate gain = results.over(tasks, results.on(new Contrast(side, against))).estimate();
    boolean relative = base.value() > 0;
    Map<String, Object> told =
        fields(
            "domain",
            domain,
            "tasks",
            tasks.stream().map(TaskSpec::name).toList(),
            "model",
            side.model(),
            "base_model",
            against.model(),
            "base_instruction",
            against.variant());
    put(put(put(told, "base", base), "score", score), "gain", gain);
    if (relative) {
      told.put("gain_percent", 100 * gain.value() / base.value());
    }
    return new Line(
        named(side.model(), domain),
        List.of(
            String.valueOf(tasks.size()),
            Figures.score(base),
            Figures.score(score),
            Figures.gap(gain),
            relative ? said("%+.1f %%", 100 * gain.value() / base.value()) : "–"),
        gain,
        told);
  }
}
