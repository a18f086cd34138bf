/**
 * How every command reads its input rows: csv, tsv, jsonl, txt and Parquet, plain or compressed,
 * from any file system that Hadoop knows.
 *
 * <p>Entry point: {@link io.instructorspark.job.rows.InputRows#read}. What cannot be read at all is
 * an {@link io.instructorspark.job.rows.InputException} on the driver before the work starts; a row
 * that is damaged is kept and says so in {@link
 * io.instructorspark.job.rows.InputRows#PROBLEM_COLUMN}.
 *
 * <p>May use: Spark SQL, Hadoop's FileSystem and codecs, commons-csv, Jackson, zstd-jni,
 * commons-text (Spark's), {@code job.report}. Must not use: DJL, other job packages, {@code
 * io.instructorspark.engine}.
 */
package io.instructorspark.job.rows;
