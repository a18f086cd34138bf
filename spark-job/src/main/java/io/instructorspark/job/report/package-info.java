/**
 * What a job tells its user: the run record and the error paragraph, without secrets.
 *
 * <p>May use java.* and Jackson. Must not use Spark or other job packages.
 */
package io.instructorspark.job.report;
