package io.instructorspark.job.evaluate;

import static io.instructorspark.job.evaluate.Figures.fields;
import static io.instructorspark.job.evaluate.Figures.put;
import static io.instructorspark.job.evaluate.Figures.said;

import io.instructorspark.job.evaluate.AnalysisTable.Line;
import io.instructorspark.job.evaluate.Results.Contrast;
import io.instructorspark.job.evaluate.Results.Side;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * What a model gains on domains that were not trained on: over the first model, or, where it is the
 * only one, over itself without instructions (paper section 4).
 */
record DomainShift(Analyses analyses) {
  AnalysisTable table() {
    List<Line> lines = new ArrayList<>();
    LinkedHashSet<String> domains = new LinkedHashSet<>();
    analyses.results().tasks().forEach(task -> task.domain().ifPresent(domains::add));
    String base = analyses.results().models().get(0);
    boolean several = analyses.results().models().size() > 1;
    for (String domain : domains) {
      List<TaskSpec> tasks =
          analyses.results().tasks().stream()
              .filter(task -> task.domain().filter(domain::equals).isPresent())
              .toList();
      for (String model :
          several
              ? analyses.results().models().subList(1, analyses.results().models().size())
              : analyses.results().models()) {
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
    Estimate base = analyses.results().over(tasks, analyses.results().on(against)).estimate();
    Estimate score = analyses.results().over(tasks, analyses.results().on(side)).estimate();
    Estimate gain =
        analyses
            .results()
            .over(tasks, analyses.results().on(new Contrast(side, against)))
            .estimate();
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
        analyses.named(side.model(), domain),
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
