/**
 * {@code instructor instructions}: the named instructions.
 *
 * <p>Entry point: {@link io.instructorspark.job.instructions.InstructionsCommand}. Needs no Spark
 * session.
 */
package io.instructorspark.job.instructions;
