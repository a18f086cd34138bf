package io.instructorspark.job.train;

import io.instructorspark.engine.Precision;
import io.instructorspark.engine.training.RateSchedule;
import io.instructorspark.job.train.Checked.Range;
import io.instructorspark.job.train.RecipeSettings.Batches;
import io.instructorspark.job.train.RecipeSettings.Optimizer;
import io.instructorspark.job.yaml.YamlSection;
import java.util.List;

/**
 * Reads the section {@code training} of a recipe. The defaults of temperature, rate, warm-up, clip
 * and dropout are the paper's (section 3) and T5's.
 */
final class SettingsReader {
  private static final int MOST_STEPS = 10_000_000;
  private static final int LARGEST_BATCH = 65_536;
  private static final int LONGEST = 8_192;

  private final YamlSection section;
  private final Checked checked;

  private SettingsReader(YamlSection section) {
    this.section = section;
    this.checked = new Checked(section);
  }

  static RecipeSettings read(YamlSection section) {
    section.only(
        "steps",
        "batchSize",
        "microBatch",
        "maxLength",
        "temperature",
        "learningRate",
        "embeddingLearningRate",
        "warmup",
        "schedule",
        "weightDecay",
        "clip",
        "betas",
        "dropout",
        "instructionDropout",
        "seed",
        "precision",
        "sampling",
        "checkpointEvery");
    return new SettingsReader(section).settings();
  }

  private RecipeSettings settings() {
    return new RecipeSettings(
        batches(),
        optimizer(),
        checked.number("temperature", 0.01, Range.POSITIVE),
        checked.number("dropout", 0.1, Range.BELOW_ONE),
        checked.number("instructionDropout", 0, Range.SHARE),
        checked.choice("precision", Precision.class, Precision.FP32),
        checked.integer("checkpointEvery", 1_000, 1, Integer.MAX_VALUE));
  }

  private Batches batches() {
    int batchSize = checked.integer("batchSize", 32, 2, LARGEST_BATCH);
    return new Batches(
        checked.integer("steps", 1, MOST_STEPS, "how many steps to train"),
        batchSize,
        checked.integer("microBatch", batchSize, 1, batchSize),
        checked.integer("maxLength", 512, 2, LONGEST),
        checked.choice("sampling", Sampling.class, Sampling.SQRT),
        section.integer("seed").orElse(1));
  }

  private Optimizer optimizer() {
    double rate = checked.number("learningRate", 2e-5, Range.POSITIVE);
    List<Double> betas = section.numbers("betas").orElse(List.of(0.9, 0.999));
    if (betas.size() != 2 || !betas.stream().allMatch(Range.BELOW_ONE::holds)) {
      throw section.refused(
          "betas", "is %s; expected two numbers from 0 to below 1".formatted(betas));
    }
    return new Optimizer(
        rate,
        checked.number("embeddingLearningRate", rate, Range.NOT_NEGATIVE),
        checked.number("warmup", 0.1, Range.SHARE),
        checked.choice("schedule", RateSchedule.class, RateSchedule.LINEAR),
        checked.number("weightDecay", 0, Range.NOT_NEGATIVE),
        checked.number("clip", 1, Range.POSITIVE),
        betas.get(0),
        betas.get(1));
  }
}
