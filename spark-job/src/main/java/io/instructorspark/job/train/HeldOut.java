package io.instructorspark.job.train;

/**
 * Records that are scored during the run and not trained on.
 *
 * @param data what they are; its share and negatives do not count
 * @param every so many steps
 */
record HeldOut(DataSource data, int every) {}
