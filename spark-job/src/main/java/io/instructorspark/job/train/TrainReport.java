package io.instructorspark.job.train;

import io.instructorspark.job.metrics.Phases;
import io.instructorspark.job.metrics.ProgressLine;
import io.instructorspark.job.report.RunRecord;
import io.instructorspark.job.report.Secrets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a training says of itself.
 *
 * @param output its folder
 * @param finished whether all steps were done
 * @param steps done, those of earlier runs included
 * @param stepsNow done by this run
 * @param allSteps of the recipe
 * @param examples records that this run trained on
 * @param tokens that this run read
 * @param trainSeconds of this run's steps
 * @param curve mean losses of stretches of steps
 * @param heldOut the last score; empty where nothing is held out
 * @param prepared the data
 * @param fingerprint of the written model; empty if it is not finished
 */
record TrainReport(
    Path output,
    boolean finished,
    long steps,
    long stepsNow,
    long allSteps,
    long examples,
    long tokens,
    double trainSeconds,
    List<Map<String, Object>> curve,
    Optional<HeldOutScore> heldOut,
    Prepared prepared,
    Optional<String> fingerprint,
    Phases phases) {

  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        finished
            ? "%s: a model of %,d steps".formatted(output, steps)
            : "%s: %,d of %,d steps; go on with --if-exists resume"
                .formatted(output, steps, allSteps));
    if (stepsNow > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "%n%,d records in %s, %.0f a second, %,.0f tokens a second",
              examples,
              ProgressLine.clock(trainSeconds),
              examples / Math.max(trainSeconds, 1e-3),
              tokens / Math.max(trainSeconds, 1e-3)));
    }
    if (!curve.isEmpty()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%nloss %.4f at the beginning, %.4f at the end",
              (double) curve.get(0).get("loss"),
              (double) curve.get(curve.size() - 1).get("loss")));
    }
    heldOut.ifPresent(
        score ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "%nheld out: loss %.4f, %.1f %% of %,d queries next to their own positive",
                    score.loss(),
                    100 * score.accuracy(),
                    score.pairs())));
    return text.toString();
  }

  RunRecord record(Map<String, String> versions) {
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("steps", steps);
    counts.put("steps_now", stepsNow);
    counts.put("records_now", examples);
    counts.put("tokens_now", tokens);
    counts.put("records_prepared", prepared.records());
    counts.put("tasks", prepared.tasks().size());
    counts.put("dropped", prepared.dropped());
    RunRecord record =
        new RunRecord()
            .with("command", "train")
            .with("versions", versions)
            .with("output", Secrets.redacted(output.toString()))
            .with("finished", finished)
            .with("counts", counts)
            .with("seconds", phases.all())
            .with("loss_curve", curve);
    heldOut.ifPresent(
        score ->
            record.with(
                "held_out",
                Map.of(
                    "loss", score.loss(), "accuracy", score.accuracy(), "pairs", score.pairs())));
    fingerprint.ifPresent(value -> record.with("model", Map.of("fingerprint", value)));
    return record;
  }
}
