/**
 * What all commands share on the command line: options, versions, the Spark session they run in.
 *
 * <p>May use Spark, picocli and the public API of {@code spark}. Must not use a job.
 */
package io.instructorspark.job.command;
