/**
 * Training: the recipe, the data made ready for it, and which records each step learns from.
 *
 * <p>Enter at {@code Recipe.read}, then {@code Preparation}, which makes a prepared folder with
 * Spark, then {@code PreparedData}, from which {@code BatchSchedule} draws. What the paper says of
 * it is in sections 2.2 and 2.3: batches of one task, each task by its instruction.
 *
 * <p>May use: the shared job packages, {@code engine} and {@code spark}. Must not use: other jobs,
 * DJL.
 */
package io.instructorspark.job.train;
