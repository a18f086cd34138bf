/**
 * The public Spark API: INSTRUCTOR embeddings as a Spark ML stage.
 *
 * <p>Entry point: {@link io.instructorspark.spark.InstructorEmbedder}. The driver checks schema,
 * checkpoint and options before the first task; one immutable record travels to executors; each
 * executor JVM keeps one model.
 *
 * <p>May use {@code text}, {@code checkpoint}, {@code engine} and Spark. Must not use DJL or native
 * memory.
 */
package io.instructorspark.spark;
