/**
 * {@code instructor embed}: rows of a file with their vectors.
 *
 * <p>Entry point: {@link io.instructorspark.job.embed.EmbedCommand} parses, {@code EmbedJob} runs
 * and returns a result. May use the other shared job packages and the public API of {@code spark}.
 * Must not use another job.
 */
package io.instructorspark.job.embed;
