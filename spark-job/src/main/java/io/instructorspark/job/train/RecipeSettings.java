package io.instructorspark.job.train;

import io.instructorspark.engine.Precision;
import io.instructorspark.engine.training.RateSchedule;

/**
 * The run of a recipe. Defaults are those of fine-tuning in the paper (section 3), where it says.
 *
 * @param batches how many records a step sees, and which
 * @param optimizer how a step changes the weights
 * @param temperature τ of the loss; cosines are divided by it
 * @param dropout in the encoder's layers, in [0, 1)
 * @param instructionDropout share of the records that are read without their instructions
 * @param precision of the matrix products
 * @param checkpointEvery so many steps a checkpoint is written
 */
record RecipeSettings(
    Batches batches,
    Optimizer optimizer,
    double temperature,
    double dropout,
    double instructionDropout,
    Precision precision,
    int checkpointEvery) {

  /**
   * How many records a step sees, and which.
   *
   * @param steps of the run
   * @param batchSize records of a step, all of one task
   * @param microBatch records that are held in memory at a time; at most the batch's
   * @param maxLength tokens of a text with its instruction
   * @param sampling how tasks share the steps
   * @param seed of everything that is drawn
   */
  record Batches(
      int steps, int batchSize, int microBatch, int maxLength, Sampling sampling, long seed) {}

  /**
   * How a step changes the weights: AdamW.
   *
   * @param rate the highest rate, of all but the embedding table
   * @param embeddingRate the highest rate of the embedding table
   * @param warmup share of the steps in which rates rise
   * @param schedule how rates go down then
   * @param weightDecay decoupled decay
   * @param clip largest norm of all gradients together
   * @param beta1 decay of the first moment
   * @param beta2 decay of the second moment
   */
  record Optimizer(
      double rate,
      double embeddingRate,
      double warmup,
      RateSchedule schedule,
      double weightDecay,
      double clip,
      double beta1,
      double beta2) {}
}
