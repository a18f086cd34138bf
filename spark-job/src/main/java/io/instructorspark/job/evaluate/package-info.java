/**
 * The command {@code evaluate}: scores models, with and without instructions, on a suite of tasks
 * that lie on this machine, by the procedures of the paper (Su et al. 2022, section 3).
 *
 * <p>Entry point: {@link io.instructorspark.job.evaluate.EvaluateCommand}. May use Spark and MLlib,
 * picocli, Jackson, the public API of {@code spark}, {@code text} and {@code checkpoint}, {@code
 * page}, and the shared job packages. Must not use another job.
 */
package io.instructorspark.job.evaluate;
