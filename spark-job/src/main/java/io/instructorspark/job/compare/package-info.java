/**
 * The command {@code compare}: scores instructions, or ready vectors, by how well they tell labels
 * apart, against no instruction and a wrong one, and says which differences are more than noise.
 *
 * <p>May use Spark and MLlib, picocli, the public API of {@code spark} and {@code text}, and the
 * shared job packages. Must not use another job.
 */
package io.instructorspark.job.compare;
