/**
 * {@code instructor model}: what a checkpoint is, bringing it where it is needed, checking that it
 * works, and making the tokenizer of a new one.
 *
 * <p>Entry point: {@link io.instructorspark.job.model.ModelCommand}. Needs no Spark session, only
 * its settings. {@code info} and {@code fetch} load no native library.
 */
package io.instructorspark.job.model;
