/**
 * What all commands share on the command line: options, versions, the Spark session they run in.
 *
 * <p>May use Spark, picocli, the public API of {@code spark}, {@code job.rows}, {@code job.vectors}
 * and {@code job.report}. Must not use a job.
 */
package io.instructorspark.job.command;
