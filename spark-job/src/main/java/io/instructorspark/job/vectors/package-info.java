/**
 * Rows with vectors for the commands that use them: texts that are embedded on the way, or a column
 * of ready vectors.
 *
 * <p>Entry point: {@link io.instructorspark.job.vectors.VectorRows#of}. May use Spark, the public
 * API of {@code spark}, {@code job.rows}. Must not use a job.
 */
package io.instructorspark.job.vectors;
