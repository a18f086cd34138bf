/**
 * What a job measures while it runs: phases and the live progress line.
 *
 * <p>May use java.*. Must not use Spark or other job packages.
 */
package io.instructorspark.job.metrics;
