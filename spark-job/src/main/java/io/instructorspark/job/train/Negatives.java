package io.instructorspark.job.train;

/** Which texts a query of a task has to be told from. */
enum Negatives {
  /**
   * All negatives of the batch, and the other records' positives by the second term of the loss.
   */
  BATCH,
  /**
   * The record's own negative alone: for data with few labels, where a batch's other texts share
   * the query's label as often as not. A record without a negative is left out.
   */
  OWN
}
