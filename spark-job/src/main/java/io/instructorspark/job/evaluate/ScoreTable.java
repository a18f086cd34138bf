package io.instructorspark.job.evaluate;

import io.instructorspark.job.evaluate.Results.Contrast;
import io.instructorspark.job.evaluate.Results.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Scores as lines for a terminal, by category and task. */
final class ScoreTable {
  private static final int NAME = 40;

  private final Results results;
  private final List<Side> sides;
  private final List<Contrast> contrasts;
  private final List<Integer> widths = new ArrayList<>();

  ScoreTable(Results results) {
    this.results = results;
    this.sides = results.sides();
    this.contrasts = results.contrasts();
  }

  List<String> lines() {
    boolean several = results.models().size() > 1;
    List<String> heads = new ArrayList<>(List.of("n"));
    sides.forEach(side -> heads.add(side.named(several)));
    contrasts.forEach(contrast -> heads.add(contrast.label()));
    heads.forEach(head -> widths.add(Math.max(head.length(), widths.isEmpty() ? 6 : 7)));
    for (int i = 1 + sides.size(); i < widths.size(); i++) {
      widths.set(i, Math.max(22, widths.get(i)));
    }
    List<String> lines = new ArrayList<>();
    lines.add(line("", heads));
    for (Category category : results.categories()) {
      List<TaskSpec> tasks = results.in(category);
      lines.add(
          row(
              "%s (%s)".formatted(category.spoken(), category.metric()),
              "",
              scored -> results.over(tasks, scored)));
      for (TaskSpec task : tasks) {
        int items = results.of(task, sides.get(0)).orElseThrow().items();
        lines.add(
            row("  " + task.name(), Figures.said("%,d", items), scored -> scored.apply(task)));
      }
    }
    lines.add("");
    lines.add(row("mean over tasks", "", scored -> results.over(results.tasks(), scored)));
    lines.add(row("mean over categories", "", results::overCategories));
    return lines;
  }

  private String row(
      String label, String items, Function<Function<TaskSpec, Sample>, Sample> level) {
    List<String> cells = new ArrayList<>(List.of(items));
    sides.forEach(side -> cells.add(Figures.score(level.apply(results.on(side)).value())));
    contrasts.forEach(
        contrast -> cells.add(Figures.gap(level.apply(results.on(contrast)).estimate())));
    return line(label, cells);
  }

  private String line(String label, List<String> cells) {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            "%-" + NAME + "s", label.length() > NAME ? label.substring(0, NAME - 1) + "…" : label));
    for (int i = 0; i < cells.size(); i++) {
      line.append("  ").append(String.format("%" + widths.get(i) + "s", cells.get(i)));
    }
    return line.toString().stripTrailing();
  }
}
