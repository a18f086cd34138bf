package io.instructorspark.job.train;

/** What a new model's embedding table starts as. */
enum WordVectors {
  /** Vectors of the tokens' co-occurrence in the training texts. */
  COOCCURRENCE,
  /** Random numbers. */
  RANDOM
}
