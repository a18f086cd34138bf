/**
 * {@code instructor model}: what a checkpoint is, bringing it where it is needed, and checking that
 * it works.
 *
 * <p>Entry point: {@link io.instructorspark.job.model.ModelCommand}. Needs no Spark session, only
 * its settings. {@code info} and {@code fetch} load no native library.
 */
package io.instructorspark.job.model;
