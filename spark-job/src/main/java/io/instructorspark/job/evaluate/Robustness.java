package io.instructorspark.job.evaluate;

import static io.instructorspark.job.evaluate.Figures.fields;
import static io.instructorspark.job.evaluate.Figures.said;

import io.instructorspark.job.evaluate.AnalysisTable.Line;
import io.instructorspark.job.evaluate.Results.Side;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** How far scores spread under five paraphrases of an instruction (paper section 4). */
record Robustness(Analyses analyses) {
  AnalysisTable table() {
    List<TaskSpec> tasks = analyses.having(Variants.paraphrase(0));
    List<Line> lines = new ArrayList<>();
    for (String model : analyses.results().models()) {
      for (TaskSpec task : tasks) {
        double own = analyses.results().on(new Side(model, Variant.OWN)).apply(task).value();
        double[] scores =
            IntStream.range(0, TaskFile.PARAPHRASED)
                .mapToDouble(
                    i ->
                        analyses
                            .results()
                            .on(new Side(model, Variants.paraphrase(i)))
                            .apply(task)
                            .value())
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
            analyses.leftOut(
                tasks, "their instruction is not of the form “Represent the … for …: ”")));
  }

  private Line spread(String model, String task, double own, double[] scores) {
    double least = Arrays.stream(scores).min().orElseThrow();
    double most = Arrays.stream(scores).max().orElseThrow();
    double mean = Arrays.stream(scores).average().orElseThrow();
    double squares = Arrays.stream(scores).map(one -> (one - mean) * (one - mean)).sum();
    double deviation = Math.sqrt(squares / (scores.length - 1));
    return new Line(
        analyses.named(model, task),
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
}
