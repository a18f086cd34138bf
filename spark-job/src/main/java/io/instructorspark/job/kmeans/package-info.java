/**
 * K-means by cosine that is repeatable on any partitioning, and which row lies in which cluster.
 *
 * <p>Entry points: {@link io.instructorspark.job.kmeans.RepeatableRows#vectors}, {@link
 * io.instructorspark.job.kmeans.ClusterFit#fit}, {@link io.instructorspark.job.kmeans.Assignment}.
 * May use Spark and MLlib, {@code job.vectors}. Must not use a job.
 */
package io.instructorspark.job.kmeans;
