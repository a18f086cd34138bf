/**
 * The command line. Entry point: {@link io.instructorspark.job.Main}, the only class that exits the
 * JVM.
 *
 * <p>Each job is a package of its own that imports no other job; what they share is in {@code
 * job.command} (options, session), {@code job.rows} (reading and writing rows), {@code job.report}
 * and {@code job.metrics}.
 */
package io.instructorspark.job;
