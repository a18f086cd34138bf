/**
 * The command {@code classify}: learns labels from rows with vectors, says how well, predicts those
 * of other rows, and keeps what was learned as a pipeline.
 *
 * <p>May use Spark and MLlib, picocli, the public API of {@code spark}, and the shared job
 * packages. Must not use another job.
 */
package io.instructorspark.job.classify;
