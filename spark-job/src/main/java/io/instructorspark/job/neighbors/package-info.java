/**
 * The command {@code neighbors}: the most similar rows of a corpus for each of some queries.
 *
 * <p>May use Spark, picocli, the public API of {@code spark}, and the shared job packages. Must not
 * use another job.
 */
package io.instructorspark.job.neighbors;
