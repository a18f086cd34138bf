/**
 * The command {@code cluster}: groups rows by the directions of their vectors, and says what the
 * groups are about.
 *
 * <p>Flow: {@code ClusterCommand} → {@code ClusterJob} → {@code ClusterFit} or {@code
 * SavedClusters} → {@code Assignment} → {@code Description} → {@code ClusterReport} and {@code
 * ClusterPage}.
 *
 * <p>May use Spark and MLlib, picocli, the public API of {@code spark} and {@code page}, and the
 * shared job packages. Must not use another job.
 */
package io.instructorspark.job.cluster;
