package io.instructorspark.job.train;

/**
 * A checkpoint to fine-tune.
 *
 * @param location as {@code --model} takes it
 */
record FineTuned(String location) implements StartingModel {}
