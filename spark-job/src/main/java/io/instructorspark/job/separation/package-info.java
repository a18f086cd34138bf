/**
 * How well vectors tell labels apart: the share of a row's nearest rows that have its label, and
 * the silhouette of the labels as clusters.
 *
 * <p>Entry points: {@link io.instructorspark.job.separation.Separation#of} for one column of
 * vectors; {@link io.instructorspark.job.separation.LabelledRows} with {@link
 * io.instructorspark.job.separation.Agreement} and {@link
 * io.instructorspark.job.separation.Silhouette} for who scores the same rows with several. May use
 * Spark and MLlib, the public API of {@code spark}, {@code job.vectors}. Must not use a job.
 */
package io.instructorspark.job.separation;
