package io.instructorspark.job.embed;

import io.instructorspark.job.report.RunRecord;

/**
 * What became of a run.
 *
 * @param record everything that was counted and measured
 * @param summary a few lines for the user
 */
record EmbedResult(RunRecord record, String summary) {}
