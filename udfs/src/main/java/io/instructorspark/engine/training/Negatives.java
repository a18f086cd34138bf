package io.instructorspark.engine.training;

/** What a pair of a batch is set against. */
public enum Negatives {
  /**
   * As in the paper: a query against the negatives of the whole batch, and a positive against its
   * queries. Where a record has no negative, its positive takes that place for the other queries.
   */
  BATCH,
  /**
   * A query against the negatives and the other positives of the whole batch, and a positive
   * against its queries: more to tell apart, for pairs whose positives fit one query only.
   */
  BATCH_AND_POSITIVES,
  /**
   * Each pair against its own negative alone, for texts with few labels, where the others of a
   * batch often share the label.
   */
  OWN
}
