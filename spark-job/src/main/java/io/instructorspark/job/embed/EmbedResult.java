package io.instructorspark.job.embed;

/**
 * What became of a run.
 *
 * @param report everything that was counted and measured
 * @param summary a few lines for the user
 */
record EmbedResult(EmbedReport report, String summary) {}
